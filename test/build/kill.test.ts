/** The real program, killed with SIGKILL: nothing that was announced or typed is lost, and the next build goes on. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  app,
  git,
  gitDirOf,
  gitDirs,
  keptEdits,
  lib,
  onDisk,
  pristine,
  program,
  refsIn,
  run,
  sources,
  typedFile,
  typedPath,
  type Announced,
  type Ran,
  type Scene,
} from '../support/kill-scene.ts';
import { withoutNamespaces } from '../support/without-namespaces.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const everything = process.env['VARVE_TEST_ALL'] === '1';
const kills = 20;
const seeds = Array.from({ length: everything ? 25 : 1 }, (_, i) => i + 1);

/** What a person may do before varve is asked for something, and how far that gets. */
interface Trial {
  readonly change: 'nothing' | 'source' | 'compile' | 'tmp';
  readonly types: boolean;
  /** Where the kill comes: a part of {@link reach}. */
  readonly at: number;
}

const trials: fc.Arbitrary<Trial> = fc.record({
  change: fc.constantFrom('nothing', 'source', 'source', 'compile', 'tmp'),
  types: fc.boolean(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** What varve is asked for, in turn: of twenty kills some come to each of the long ones. */
const turns = [
  'build',
  'gc',
  'side',
  'export',
  'build',
  'import',
  'compile',
  'restore',
  'build',
  'shell',
  'drop',
  'clean',
] as const;
type Asked = (typeof turns)[number];

const asked: Readonly<Record<Asked, readonly string[]>> = {
  build: ['build', '--json', 'app', 'lib'],
  side: ['build', '--json', '-f', '-c', 'side', 'lib'],
  compile: ['build', '--json', '-f', '-c', 'compile', 'lib'],
  shell: ['shell', 'lib:unpack', '--', 'true'],
  drop: ['edit', 'drop', 'lib'],
  clean: ['clean', 'lib'],
  gc: ['gc', '--older-than', '0h'],
  export: ['history', 'export', '@ok', '../sent.varve'],
  import: ['history', 'import', '../taken.varve', '--as', 'ann'],
  restore: ['restore', 'lib:unpack', '../out'],
};

/** What these make, below the build directory; of a file or tree that is written there is the older state or the newer. */
const made: Readonly<Partial<Record<Asked, string>>> = {
  export: '../sent.varve',
  import: 'imports/ann',
  restore: '../out',
};

/** Calls that change files in such a run, where there is something to do. */
const reach: Readonly<Record<Asked, number>> = {
  build: 2000,
  side: 700,
  compile: 900,
  shell: 400,
  drop: 200,
  clean: 20,
  gc: 400,
  export: 8,
  import: 1300,
  restore: 100,
};

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

/** The files that lie there, with what is in them. */
function filesAt(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map();
  if (!statSync(path).isDirectory()) return new Map([['', readFileSync(path, 'base64')]]);
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [relative(path, file), readFileSync(file, 'base64')];
    }),
  );
}

/** Runs what is killed; answers what must hold afterwards. */
function killed(scene: Scene, asks: Asked, at: number): { readonly ran: Ran; readonly check: () => void } {
  const { w } = scene;
  const target = made[asks] === undefined ? undefined : w.path(made[asks]);
  // An import is taken in once, and a restore is into a directory that is not there; an export replaces the older one.
  if (target !== undefined && asks !== 'export') rmSync(target, { recursive: true, force: true });
  const before = target === undefined ? undefined : filesAt(target);
  const ran = run(scene, asked[asks], { KILL_AT: String(at) });
  return {
    ran,
    check: () => {
      expectSound(scene);
      expectAnnounced(scene, ran.events);
      if (asks === 'gc' || target !== undefined) expectAgain(scene, asks, { target, before });
      if (target !== undefined) return;
      const next = run(scene, asked.build, {});
      expect(next).toMatchObject({ status: 0 });
      expectAnnounced(scene, next.events);
    },
  };
}

/** The record is whole, what was to be made is there as it was or as it is to be, and the same words do it then. */
function expectAgain(
  scene: Scene,
  asks: Asked,
  { target, before }: { readonly target: string | undefined; readonly before: unknown },
): void {
  expect(run(scene, ['fsck'], {})).toMatchObject({ status: 0 });
  const left = target === undefined ? undefined : filesAt(target);
  if (target !== undefined && asks !== 'export') rmSync(target, { recursive: true, force: true });
  expect(run(scene, asked[asks], {})).toMatchObject({ status: 0 });
  if (target === undefined) return;
  const whole = filesAt(target);
  // The notes of an import say when it was taken in; that it is whole was for fsck to say.
  if (asks !== 'import') expect([before, whole]).toContainEqual(left);
  const dir = dirname(target);
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
}

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
    expect(run(scene, ['history', 'export', '@1', '../taken.varve'], {})).toMatchObject({ status: 0 });
    const hit: Asked[] = [];
    for (const [i, trial] of fc.sample(trials, { seed, numRuns: 4 * kills }).entries()) {
      // Some are done before it comes to the kill.
      if (hit.length === kills) break;
      const turn = turns[(seed + i) % turns.length] ?? 'build';
      const isBuilt = turn !== 'gc' && made[turn] === undefined;
      prepare(scene, isBuilt ? trial : { ...trial, change: 'nothing' }, `typed ${seed} ${i}\n`);
      // Asked to compile in a WORKDIR with edits, varve would go on from these: another story.
      const asks = turn === 'compile' && onDisk(scene) !== pristine ? 'build' : turn;
      const at = 1 + Math.floor(trial.at * reach[asks]);
      const { ran, check } = killed(scene, asks, at);
      if (ran.signal === 'SIGKILL') hit.push(asks);
      const label = `seed ${seed}, trial ${i}: ${asks} after ${JSON.stringify(trial)} at ${at}\n`;
      try {
        check();
        expectRest(scene);
      } catch (error) {
        throw new Error(label + ran.said, { cause: error });
      }
    }
    expectSound(scene);
    expect(hit).toHaveLength(kills);
    expect(hit).toEqual(expect.arrayContaining(['gc', 'export', 'import', 'restore']));
  },
);
