/** What is killed: two recipes, the one made of the other, with sources that a person types in. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainRecipe, type Workspace } from './workspace.ts';

const preload = resolve('test/support/kill-at-call.mjs');
export const program = resolve('dist/bin/varve.js');

export const lib = (compiled: number): string =>
  plainRecipe(
    {
      do_compile: `cat \${S}/*/* > all\nfor i in $(seq 30); do echo "$i ${compiled}" > $i.o; done`,
      do_install: 'install -d ${D}/usr/lib\ncp all *.o ${D}/usr/lib/\nln -s all ${D}/usr/lib/link',
      do_side: 'cat ${S}/d0/f0 > ${WORKDIR}/side',
    },
    'S = "${UNPACKDIR}/src"\nB = "${WORKDIR}/b"\nSRC_URI = "file://src"\naddtask side after do_patch before do_build\n',
  );
export const app = plainRecipe(
  {
    do_compile: 'cat ${RECIPE_SYSROOT}/usr/lib/1.o ${RECIPE_SYSROOT}/usr/lib/all > app',
    do_install: 'install -D app ${D}/usr/app',
    do_check: 'cat ${D}/usr/app > ${WORKDIR}/checked',
  },
  'B = "${WORKDIR}/b"\nDEPENDS = "lib"\naddtask check after do_install before do_build\n',
);
export const sources = Object.fromEntries(
  [0, 1, 2].flatMap((dir) =>
    Array.from({ length: 12 }, (_, file) => [`recipes/lib/src/d${dir}/f${file}`, `file ${dir} ${file}\n`]),
  ),
);
export const typedPath = 'sources/src/d2/f3';
export const pristine = 'file 2 3\n';

/** A build directory, what its layer says, and what was typed in it that must not be lost. */
export interface Scene {
  readonly w: Workspace;
  readonly said: { source: number; compile: number };
  typed: string[];
}

export interface Ran {
  readonly signal: string | null;
  readonly status: number | null;
  readonly events: readonly Announced[];
  readonly said: string;
}

export function run({ w }: Scene, args: readonly string[], env: Readonly<Record<string, string>>): Ran {
  const ran = spawnSync(process.execPath, ['--import', preload, program, ...args], {
    cwd: w.buildDir,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const events = ran.stdout.split('\n').flatMap((line) => announcedIn(line) ?? []);
  return { signal: ran.signal, status: ran.status, events, said: ran.stdout + ran.stderr };
}

/** A task that a build said to have run. */
export interface Announced {
  readonly task: string;
  readonly signature: string;
  readonly commit: string;
}

/** The last line may be cut off. */
function announcedIn(line: string): Announced | undefined {
  if (!line.endsWith('}') || !line.includes('"event":"task-finished"')) return undefined;
  const event = JSON.parse(line) as Announced & { readonly ok: boolean; readonly verdict: string };
  return event.ok && event.verdict === 'run' ? event : undefined;
}

export function git(...args: readonly string[]): string {
  const ran = spawnSync('git', args, { encoding: 'utf8' });
  return ran.stdout + ran.stderr.replace(/^notice: .*\n/gm, '');
}

export function gitDirs({ w }: Scene): readonly string[] {
  const below = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir) : []);
  const top = w.path('history');
  return below(top)
    .flatMap((name) =>
      name.endsWith('.git') ? [name] : below(join(top, name)).map((recipe) => join(name, recipe)),
    )
    .filter((name) => name.endsWith('.git'))
    .map((name) => join(top, name));
}

export const gitDirOf = (scene: Scene, recipe: string): string =>
  gitDirs(scene).find((dir) => dir.endsWith(`/${recipe}.git`)) ?? 'none';

/** The file that a person types in; undefined where there is no WORKDIR of lib that holds it. */
export function typedFile({ w }: Scene): string | undefined {
  const archs = w.exists('tmp/work') ? readdirSync(w.path('tmp/work')) : [];
  return archs.map((arch) => w.path('tmp/work', arch, 'lib', typedPath)).find((path) => existsSync(path));
}

export function onDisk(scene: Scene): string {
  const file = typedFile(scene);
  return file === undefined ? pristine : readFileSync(file, 'utf8');
}

/** What a ref stands for, by its whole name. */
export function refsIn(gitDir: string): ReadonlyMap<string, string> {
  const lines = git('--git-dir', gitDir, 'for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

interface KeptEdit {
  readonly text: string;
  readonly files: string;
}

/** By commit: one says the same whenever it is asked. */
const editsRead = new Map<string, KeptEdit>();

function readEdit(gitDir: string, commit: string): KeptEdit {
  const known = editsRead.get(commit) ?? {
    text: git('--git-dir', gitDir, 'show', `${commit}:${typedPath}`),
    files: git('--git-dir', gitDir, 'diff', '--name-only', `${commit}^`, commit),
  };
  editsRead.set(commit, known);
  return known;
}

/** What the record keeps of edits: what was typed, and which files differ from what they were made on. */
export function keptEdits(scene: Scene): readonly KeptEdit[] {
  const gitDir = gitDirOf(scene, 'lib');
  return [...refsIn(gitDir)]
    .filter(([name]) => name.startsWith('refs/tags/edited@'))
    .map(([, commit]) => readEdit(gitDir, commit));
}
