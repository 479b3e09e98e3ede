import { join, relative } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { isAbsent, readIfThere } from './replace-file.ts';

/** The file `.git` that makes a WORKDIR a git working tree: present at rest, absent while a task runs. */
export interface LinkFile {
  put(): void;
  remove(): void;
}

/** Speaks of the link from a WORKDIR to its history; relative, so that a build directory may be moved. */
export function linkFile(fs: FileSystem, workdir: string, gitDir: string): LinkFile {
  const path = join(workdir, '.git');
  return {
    put: () => {
      const text = `gitdir: ${relative(workdir, gitDir)}\n`;
      const there = fs.lstatSync(path, { throwIfNoEntry: false });
      if (there?.isFile() && readIfThere(fs, path) === text) return;
      if (there?.isDirectory()) {
        throw inTheWay(workdir);
      }
      fs.mkdirSync(workdir, { recursive: true });
      // Not by way of a temporary file: interrupted, that would stay in the WORKDIR as if a task had made it.
      fs.rmSync(path, { force: true });
      fs.writeFileSync(path, text, { flag: 'wx' });
    },
    remove: () => {
      if (isLink(fs, workdir)) fs.rmSync(path);
    },
  };
}

/** Whether what stands at `.git` is a link of ours, perhaps one whose writing was interrupted. */
function isLink(fs: FileSystem, workdir: string): boolean {
  const path = join(workdir, '.git');
  try {
    if (!fs.lstatSync(path).isFile()) return false;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  const text = readIfThere(fs, path) ?? '';
  return text.startsWith(START) || START.startsWith(text);
}

/** Refuses a WORKDIR that leads elsewhere, and a repository at its very top, which could not be told from our link. */
export function checkTop(fs: FileSystem, workdir: string): void {
  if (fs.lstatSync(workdir, { throwIfNoEntry: false })?.isDirectory() === false) throw notADirectory(workdir);
  if (fs.lstatSync(join(workdir, '.git'), { throwIfNoEntry: false }) !== undefined && !isLink(fs, workdir))
    throw inTheWay(workdir);
}

const START = 'gitdir: ';

function notADirectory(workdir: string): VarveError {
  return new VarveError('usage', `${workdir} is no directory, as the WORKDIR of a recipe must be one`, {
    hints: [
      `rm ${workdir}   what it leads to stays`,
      'TMPDIR in conf/local.conf moves all WORKDIRs to another place',
    ],
  });
}

function inTheWay(workdir: string): VarveError {
  const path = join(workdir, '.git');
  return new VarveError('usage', `${path} stands where the link to the history of this WORKDIR belongs`, {
    hints: [`mv ${path} ${path}-aside   then it is kept with what else was edited there`],
  });
}
