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
  const text = `gitdir: ${relative(workdir, gitDir)}\n`;
  return {
    put: () => {
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
export function isLink(fs: FileSystem, workdir: string): boolean {
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

/** Refuses a repository at the very top of a WORKDIR: it could not be told from varve's own link. */
export function checkTop(fs: FileSystem, workdir: string): void {
  if (fs.lstatSync(join(workdir, '.git'), { throwIfNoEntry: false }) !== undefined && !isLink(fs, workdir))
    throw inTheWay(workdir);
}

const START = 'gitdir: ';

function inTheWay(workdir: string): VarveError {
  return new VarveError(
    'task',
    `${join(workdir, '.git')} stands where the link to the history of this WORKDIR belongs`,
    {
      hints: ['Unpack or create the repository in a subdirectory, such as destsuffix=git in SRC_URI'],
    },
  );
}
