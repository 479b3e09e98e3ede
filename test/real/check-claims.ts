/** Whether what blame claims of a file is so, by what git says was in the WORKDIR after each task. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BlamedLine } from '../../lib/operations/blame-file.ts';

const tasks = ['do_unpack', 'do_patch', 'do_configure', 'do_compile', 'do_install'] as const;

/** A file of a recipe's WORKDIR after do_install. */
export interface RecordedFile {
  readonly recipe: string;
  /** As git prints it, which is no other name for the files of `fixtures/real`. */
  readonly path: string;
  readonly oid: string;
}

export interface Snapshots {
  /** Regular files after do_install. */
  files(recipe: string): readonly RecordedFile[];
  /** What is wrong with claims on a file, a sentence each. */
  wrongClaims(file: RecordedFile, lines: readonly BlamedLine[]): readonly string[];
}

/** Reads the histories of a build directory with git. */
export function readSnapshots(buildDir: string): Snapshots {
  const history = join(buildDir, 'history');
  const archs = readdirSync(history).filter((name) => !name.endsWith('.git'));
  // An image is of a machine, all else of a processor.
  const repositories = new Map(
    archs.flatMap((arch) =>
      readdirSync(join(history, arch)).map(
        (name) => [name.replace(/\.git$/, ''), join(history, arch, name)] as const,
      ),
    ),
  );
  const git = (recipe: string, ...args: string[]): Buffer => {
    const ran = spawnSync('git', ['--git-dir', repositories.get(recipe) ?? '', ...args], {
      maxBuffer: 1 << 28,
    });
    if (ran.status !== 0) throw new Error(ran.stderr.toString());
    return ran.stdout;
  };
  const after = memo((recipe: string, task: string): ReadonlyMap<string, string> => {
    const rows = git(recipe, 'ls-tree', '-r', '-z', `refs/tags/${task}`).toString('latin1').split('\0');
    const files = rows.flatMap((row) => /^100\d{3} blob (\w{40})\t(.*)$/s.exec(row)?.slice(1) ?? []);
    const pairs = files.flatMap((oid, i) => (i % 2 === 0 ? [[files[i + 1] ?? '', oid] as const] : []));
    return new Map(pairs.filter(([path]) => !path.startsWith('.varve/')));
  });
  const linesAt = memo((recipe: string, where: string): readonly string[] => {
    const [task = '', path = ''] = where.split(':');
    const oid = after(recipe, task).get(path);
    return oid === undefined ? [] : git(recipe, 'cat-file', 'blob', oid).toString('latin1').split('\n');
  });
  const files = (recipe: string): readonly RecordedFile[] =>
    [...after(recipe, 'do_install')].map(([path, oid]) => ({ recipe, path, oid }));
  const recipes = [...repositories.keys()];

  /** The first task after which some file has this content. */
  const madeBy = ({ recipe, oid }: RecordedFile): number =>
    tasks.findIndex((task) => [...after(recipe, task).values()].includes(oid));
  /** The file, or, of an image, those that are at the same place in what others installed. */
  const makersOf = (file: RecordedFile): readonly RecordedFile[] => {
    const others = recipes
      .filter((recipe) => recipe !== file.recipe && file.recipe.includes('image'))
      .flatMap((recipe) => files(recipe))
      .filter(({ path, oid }) => path === file.path && oid === file.oid);
    return others.length > 0 ? others : [file];
  };

  /** Whether a task put one more of this line into a file than was there. */
  function wrote({ recipe, task, patch, path, text = '' }: BlamedLine): boolean {
    if (patch !== undefined) {
      const [source = ''] = [...after(recipe, 'do_unpack').keys()].filter((each) =>
        each.endsWith(`/${patch}`),
      );
      return linesAt(recipe, `do_unpack:${source}`).includes(`+${text}`);
    }
    if (path === undefined) return true;
    const count = (at: string | undefined): number =>
      at === undefined ? 0 : linesAt(recipe, `${at}:${path}`).filter((line) => line === text).length;
    return count(task ?? undefined) > count(tasks[tasks.indexOf(task as 'do_patch') - 1]);
  }

  function whyWrong(file: RecordedFile, line: BlamedLine): string | undefined {
    const maker = makersOf(file).find(({ recipe }) => recipe === line.recipe);
    if (maker === undefined) return `${line.recipe} did not install it`;
    const [made, claimed] = [madeBy(maker), tasks.indexOf(line.task as 'do_patch')];
    if (line.line === null || made === 0)
      return made === claimed ? undefined : `${line.task}, but ${tasks[made]} made it`;
    if (claimed > made) return `${line.task}, but it was there after ${tasks[made]}`;
    return wrote(line) ? undefined : `${line.task} did not write it at ${line.path ?? line.patch}`;
  }

  return {
    files,
    wrongClaims: (file, lines) =>
      lines
        .filter(({ task }) => task !== null)
        .flatMap((line) => {
          const why = whyWrong(file, line);
          return why === undefined ? [] : [`${file.recipe} ${file.path}:${line.line}: ${why}`];
        }),
  };
}

/** Draws files: half of them installed ones, all others from the WORKDIRs. */
export function drawFiles(
  files: readonly RecordedFile[],
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly RecordedFile[] {
  const rank = ({ recipe, path }: RecordedFile): string =>
    createHash('sha256').update(`${seed} ${recipe} ${path}`).digest('hex');
  const drawn = files.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const isInstalled = ({ path }: RecordedFile): boolean => path.startsWith('image/');
  const installed = drawn.filter(isInstalled).slice(0, count / 2);
  return [...installed, ...drawn.filter((file) => !isInstalled(file)).slice(0, count - installed.length)];
}

function memo<T>(make: (recipe: string, key: string) => T): (recipe: string, key: string) => T {
  const made = new Map<string, T>();
  return (recipe, key) => {
    const name = `${recipe} ${key}`;
    const value = made.get(name) ?? make(recipe, key);
    made.set(name, value);
    return value;
  };
}
