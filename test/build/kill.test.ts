/** The real program, killed with SIGKILL: nothing that was announced or typed is lost, and the next build goes on. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutNamespaces } from '../support/without-namespaces.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const everything = process.env['VARVE_TEST_ALL'] === '1';
const kills = 20;
const seeds = Array.from({ length: everything ? 25 : 1 }, (_, i) => i + 1);
const preload = resolve('test/support/kill-at-call.mjs');
const program = resolve('dist/bin/varve.js');

/** What a person may do before varve is asked for something, and how far that gets. */
interface Trial {
  readonly change: 'nothing' | 'source' | 'compile' | 'tmp';
  readonly types: boolean;
  readonly asks: 'build' | 'side' | 'compile' | 'shell' | 'drop' | 'clean';
  /** Where the kill comes: a part of {@link reach}. */
  readonly at: number;
}

const trials: fc.Arbitrary<Trial> = fc.record({
  change: fc.constantFrom('nothing', 'source', 'source', 'compile', 'tmp'),
  types: fc.boolean(),
  asks: fc.constantFrom('build', 'build', 'build', 'side', 'compile', 'shell', 'drop', 'clean'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
});

const asked: Readonly<Record<Trial['asks'], readonly string[]>> = {
  build: ['build', '--json', 'app', 'lib'],
  side: ['build', '--json', '-f', '-c', 'side', 'lib'],
  compile: ['build', '--json', '-f', '-c', 'compile', 'lib'],
  shell: ['shell', 'lib:unpack', '--', 'true'],
  drop: ['edit', 'drop', 'lib'],
  clean: ['clean', 'lib'],
};

/** Calls that change files in such a run, where there is something to do. */
const reach: Readonly<Record<Trial['asks'], number>> = {
  build: 2000,
  side: 700,
  compile: 900,
  shell: 400,
  drop: 200,
  clean: 20,
};

const lib = (compiled: number): string =>
  plainRecipe(
    {
      do_compile: `cat \${S}/*/* > all\nfor i in $(seq 30); do echo "$i ${compiled}" > $i.o; done`,
      do_install: 'install -d ${D}/usr/lib\ncp all *.o ${D}/usr/lib/\nln -s all ${D}/usr/lib/link',
      do_side: 'cat ${S}/d0/f0 > ${WORKDIR}/side',
    },
    'S = "${UNPACKDIR}/src"\nB = "${WORKDIR}/b"\nSRC_URI = "file://src"\naddtask side after do_patch before do_build\n',
  );
const app = plainRecipe(
  {
    do_compile: 'cat ${RECIPE_SYSROOT}/usr/lib/1.o ${RECIPE_SYSROOT}/usr/lib/all > app',
    do_install: 'install -D app ${D}/usr/app',
    do_check: 'cat ${D}/usr/app > ${WORKDIR}/checked',
  },
  'B = "${WORKDIR}/b"\nDEPENDS = "lib"\naddtask check after do_install before do_build\n',
);
const sources = Object.fromEntries(
  [0, 1, 2].flatMap((dir) =>
    Array.from({ length: 12 }, (_, file) => [`recipes/lib/src/d${dir}/f${file}`, `file ${dir} ${file}\n`]),
  ),
);
const typedPath = 'sources/src/d2/f3';
const pristine = 'file 2 3\n';

/** A build directory, what its layer says, and what was typed in it that must not be lost. */
interface Scene {
  readonly w: Workspace;
  readonly said: { source: number; compile: number };
  typed: string[];
}

function run(
  { w }: Scene,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): {
  readonly signal: string | null;
  readonly status: number | null;
  readonly events: readonly Announced[];
  readonly said: string;
} {
  const ran = spawnSync(process.execPath, ['--import', preload, program, ...args], {
    cwd: w.buildDir,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const events = ran.stdout.split('\n').flatMap((line) => announcedIn(line) ?? []);
  return { signal: ran.signal, status: ran.status, events, said: ran.stdout + ran.stderr };
}

/** A task that a build said to have run. */
interface Announced {
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

function git(...args: readonly string[]): string {
  const ran = spawnSync('git', args, { encoding: 'utf8' });
  return ran.stdout + ran.stderr.replace(/^notice: .*\n/gm, '');
}

function gitDirs({ w }: Scene): readonly string[] {
  const below = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir) : []);
  const top = w.path('history');
  return below(top)
    .flatMap((name) =>
      name.endsWith('.git') ? [name] : below(join(top, name)).map((recipe) => join(name, recipe)),
    )
    .filter((name) => name.endsWith('.git'))
    .map((name) => join(top, name));
}

const gitDirOf = (scene: Scene, recipe: string): string =>
  gitDirs(scene).find((dir) => dir.endsWith(`/${recipe}.git`)) ?? 'none';

/** The file that a person types in; undefined where there is no WORKDIR of lib that holds it. */
function typedFile({ w }: Scene): string | undefined {
  const archs = w.exists('tmp/work') ? readdirSync(w.path('tmp/work')) : [];
  return archs.map((arch) => w.path('tmp/work', arch, 'lib', typedPath)).find((path) => existsSync(path));
}

function onDisk(scene: Scene): string {
  const file = typedFile(scene);
  return file === undefined ? pristine : readFileSync(file, 'utf8');
}

/** What a ref stands for, by its whole name. */
function refsIn(gitDir: string): ReadonlyMap<string, string> {
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
function keptEdits(scene: Scene): readonly KeptEdit[] {
  const gitDir = gitDirOf(scene, 'lib');
  return [...refsIn(gitDir)]
    .filter(([name]) => name.startsWith('refs/tags/edited@'))
    .map(([, commit]) => readEdit(gitDir, commit));
}

/** Changes the layer, removes tmp/, types: as the trial has it. */
function prepare(scene: Scene, trial: Trial, text: string): void {
  const { w, said } = scene;
  if (trial.change === 'source' || trial.change === 'compile') said[trial.change] += 1;
  w.write('recipes/lib_1.bb', lib(said.compile));
  w.write('recipes/lib/src/d0/f0', `source ${said.source}\n`);
  const kept = keptEdits(scene).map((edits) => edits.text);
  const goes = trial.change === 'tmp' || trial.types;
  // What a person throws away or types over is theirs to lose.
  if (goes) scene.typed = scene.typed.filter((each) => kept.includes(each));
  if (trial.change === 'tmp') rmSync(w.path('tmp'), { recursive: true, force: true });
  const file = typedFile(scene);
  if (!trial.types || file === undefined) return;
  writeFileSync(file, text);
  scene.typed.push(text);
}

function expectSound(scene: Scene): void {
  for (const dir of gitDirs(scene))
    expect(`${dir} ${git('--git-dir', dir, 'fsck', '--strict', '--no-dangling', '--no-progress')}`).toBe(
      `${dir} `,
    );
}

function expectAnnounced(scene: Scene, events: readonly Announced[]): void {
  const refs = new Map(['lib', 'app'].map((recipe) => [recipe, refsIn(gitDirOf(scene, recipe))]));
  for (const { task, signature, commit } of events) {
    const [recipe = '', name = ''] = task.split(':');
    const tag = `refs/tags/${name}@${signature.slice(0, 12)}`;
    expect(`${tag} ${refs.get(recipe)?.get(tag)}`).toBe(`${tag} ${commit}`);
  }
}

function expectRest(scene: Scene): void {
  const { w, said, typed } = scene;
  const edits = keptEdits(scene);
  for (const { text, files } of edits)
    expect({ text, files }).toEqual({ text: expect.stringMatching(/^typed /), files: `${typedPath}\n` });
  const found = [...edits.map(({ text }) => text), onDisk(scene)];
  expect(typed.filter((text) => !found.includes(text))).toEqual([]);
  for (const recipe of ['lib', 'app']) {
    const gitDir = gitDirOf(scene, recipe);
    expect(existsSync(join(gitDir, 'varve-running'))).toBe(false);
    const workdir = join(w.path('tmp/work'), gitDir.split('/').at(-2) ?? '', recipe);
    if (!existsSync(workdir)) continue;
    const dirty = recipe === 'lib' && onDisk(scene) !== pristine ? ` M ${typedPath}\n` : '';
    expect(`${recipe} ${git('-C', workdir, 'status', '--porcelain')}`).toBe(`${recipe} ${dirty}`);
  }
  const made = git('--git-dir', gitDirOf(scene, 'app'), 'show', 'do_install:image/usr/app');
  expect(made.split('\n').slice(0, 2)).toEqual([`1 ${said.compile}`, `source ${said.source}`]);
  expect(made).toContain(pristine);
}

test.each([
  ['behind walls', true],
  ['as plain processes', false],
])('tasks that run %s end when varve is killed', async (_, walls) => {
  const w = makeWorkspace();
  const gate = join(w.top, 'gate');
  spawnSync('mkfifo', [gate]);
  // The second process holds the gate too.
  w.write('recipes/app_1.bb', plainRecipe({ do_compile: `exec 9> ${gate}\nmkfifo never\ncat never | cat` }));
  const path = walls ? process.env['PATH'] : withoutNamespaces();
  const varve = spawn(process.execPath, [program, 'build', 'app'], {
    cwd: w.buildDir,
    env: { ...process.env, PATH: path },
  });
  const reader = createReadStream(gate);
  await once(reader, 'open');
  varve.kill('SIGKILL');
  // It ends when nobody holds the other end any more.
  for await (const bytes of reader) expect(bytes).toBe('nothing');
});

test.each(seeds)(
  'varve is killed again and again, and each time the next build goes on (seed %i)',
  { timeout: 1_200_000 },
  (seed) => {
    const files = { ...sources, 'recipes/app_1.bb': app, 'recipes/lib_1.bb': lib(0) };
    // What gc takes away in the background is not to be looked at meanwhile.
    const w = makeWorkspace({ files, local: 'HISTORY_GC_BUILDS = "0"\n' });
    const scene: Scene = { w, said: { source: 0, compile: 0 }, typed: [] };
    w.write('recipes/lib/src/d0/f0', 'source 0\n');
    expect(run(scene, asked.build, {})).toMatchObject({ status: 0 });
    let killed = 0;
    for (const [i, trial] of fc.sample(trials, { seed, numRuns: 4 * kills }).entries()) {
      // Some are done before it comes to the kill.
      if (killed === kills) break;
      prepare(scene, trial, `typed ${seed} ${i}\n`);
      // Asked to compile in a WORKDIR with edits, varve would go on from these: another story.
      const asks = trial.asks === 'compile' && onDisk(scene) !== pristine ? 'build' : trial.asks;
      const at = 1 + Math.floor(trial.at * reach[asks]);
      const ran = run(scene, asked[asks], { KILL_AT: String(at) });
      killed += ran.signal === 'SIGKILL' ? 1 : 0;
      const label = `seed ${seed}, trial ${i}: ${JSON.stringify(trial)} at ${at}\n`;
      try {
        expectSound(scene);
        expectAnnounced(scene, ran.events);
        const next = run(scene, asked.build, {});
        expect(next).toMatchObject({ status: 0 });
        expectAnnounced(scene, next.events);
        expectRest(scene);
      } catch (error) {
        throw new Error(label + ran.said, { cause: error });
      }
    }
    expectSound(scene);
    expect(killed).toBe(kills);
  },
);
