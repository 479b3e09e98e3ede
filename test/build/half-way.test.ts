/** A WORKDIR on its way to a state of which something is damaged: nobody's edits are made of that. */
import { expect, test } from 'vitest';
import { openHistory, type History } from '../../lib/history/history.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { World } from '../../lib/ports/world.ts';
import { objectId } from '../../lib/trees/object-id.ts';
import { afterwards, lib, minutes, recipes, run, runUntil } from '../support/crash-scene.ts';
import { stoppingFiles } from '../support/failing-files.ts';
import { buildIn, engineWorld, withFiles } from '../support/memory-engine.ts';

const workdir = '/build/tmp/work/any/lib';
const source = `${workdir}/b/source`;
const mark = '/build/history/any/lib.git/varve-running';
const scope = { exclude: ['temp', 'recipe-sysroot', 'recipe-sysroot-native'], image: 'image' };

/** Built with one source and then another one; the recipe has the first again, and another way to compile it. */
async function builtTwice(): Promise<World> {
  const world = engineWorld(recipes('one'));
  for (const text of ['one', 'two']) {
    world.fs.writeFileSync('/layer/lib_1.0.bb', lib(text));
    expect(await run(world)).toMatchObject({ ok: true });
  }
  world.fs.writeFileSync('/layer/lib_1.0.bb', lib('one').replace('compiled-', 'bound-'));
  return world;
}

function objectFile(text: string): string {
  const oid = objectId('blob', Buffer.from(text));
  return `/build/history/any/lib.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`;
}

function flip({ fs }: World, path: string): void {
  const bytes = fs.readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  fs.rmSync(path);
  fs.writeFileSync(path, bytes);
}

const history = ({ fs }: World): History =>
  openHistory({ fs, gitDir: '/build/history/any/lib.git', workdir, now: () => 0 });

const keptEdits = (world: World): readonly string[] => [
  ...history(world).refs.list('refs/tags/edited@').keys(),
];

/** What is said of a build, its failures too. */
async function saidOf(world: World, asked = {}): Promise<{ readonly ok: boolean; readonly said: string }> {
  const said: string[] = [];
  const { ok } = await buildIn(
    world,
    'app',
    (event) => {
      if (event.event === 'message') said.push(event.text);
      if (event.event === 'task-finished' && event.failure) said.push(event.failure.message);
    },
    asked,
  );
  return { ok, said: said.join('\n') };
}

const forced = { targets: ['lib'], force: true, task: 'do_compile' };

test('what cannot be read of an older state leaves the WORKDIR as it is, and nothing of that becomes edits', async () => {
  const world = await builtTwice();
  flip(world, objectFile('one'));
  const failed = await saidOf(world);
  expect(failed.ok).toBe(false);
  expect(failed.said).toMatch(/lib\.git is damaged: object/);
  expect(world.fs.readFileSync(source, 'utf8')).toBe('two');
  expect(world.fs.existsSync(mark)).toBe(false);
  expect(history(world).changed(scope)).toBe(undefined);
  world.fs.rmSync(objectFile('one'));
  for (const asked of [{}, forced]) expect((await saidOf(world, asked)).said).not.toContain('edits');
  expect(keptEdits(world)).toEqual([]);
});

test('what was typed before it is kept, and stands in the WORKDIR still', async () => {
  const world = await builtTwice();
  flip(world, objectFile('one'));
  world.fs.writeFileSync(source, 'typed');
  expect((await saidOf(world)).ok).toBe(false);
  expect(world.fs.readFileSync(source, 'utf8')).toBe('typed');
  expect(catFile(world, { buildDir: '/build', rev: 'lib:edited@1', path: 'b/source' }).bytes.toString()).toBe(
    'typed',
  );
});

test('a build that needs no WORKDIR succeeds where its older state is damaged, and says that it does not show it', async () => {
  const world = await builtTwice();
  world.fs.writeFileSync('/layer/lib_1.0.bb', lib('one'));
  flip(world, objectFile('one'));
  for (let time = 0; time < 2; time++) {
    const { ok, said } = await saidOf(world);
    expect(ok).toBe(true);
    expect(said).toMatch(/^lib: its WORKDIR does not show what stands now: \S+ is damaged: object \w+/);
    expect(world.fs.readFileSync(source, 'utf8')).toBe('two');
  }
  expect(catFile(world, { buildDir: '/build', rev: 'app', path: 'share/app' }).bytes.toString()).toBe(
    'linked-compiled-one',
  );
  expect(keptEdits(world)).toEqual([]);
});

test('where neither state can be read the WORKDIR stays half way until it is removed, and that is said', async () => {
  const world = await builtTwice();
  for (const text of ['one', 'two']) flip(world, objectFile(text));
  expect((await saidOf(world)).ok).toBe(false);
  for (const text of ['one', 'two']) {
    const refused = await run(world).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      message: expect.stringMatching(/WORKDIR of lib is half way .* and neither can be read/) as string,
      hints: [
        expect.stringMatching(/^varve fsck /),
        `rm -r ${workdir}   removes it; then varve build -f -c unpack lib   begins it anew`,
      ],
    });
    world.fs.rmSync(objectFile(text));
  }
  world.fs.rmSync(workdir, { recursive: true });
  const anew = { targets: ['lib'], force: true, task: 'do_unpack' };
  for (const asked of [anew, {}]) expect(await saidOf(world, asked)).toEqual({ ok: true, said: '' });
  expect(keptEdits(world)).toEqual([]);
});

const isMoving = ({ fs }: World): boolean =>
  fs.existsSync(mark) && fs.readFileSync(mark, 'utf8').includes('"moving"');

/** How many changes a build makes until the WORKDIR begins to move. */
async function callsUntilMoving(world: World): Promise<number> {
  const fs = stoppingFiles(world.fs, Infinity);
  let calls: number | undefined;
  const renameSync: typeof fs.renameSync = (from, to) => {
    fs.renameSync(from, to);
    if (isMoving(world)) calls ??= fs.made();
  };
  await run(withFiles(world, { ...fs, renameSync }));
  return calls ?? Infinity;
}

test.each([
  ['damaged', flip],
  ['gone', ({ fs }: World, path: string) => fs.rmSync(path)],
])(
  'a move that was stopped anywhere, and an object that is %s then: the WORKDIR is brought back',
  minutes,
  async (_, damage) => {
    let halfWay = 0;
    for (let calls = await callsUntilMoving(await builtTwice()); ; calls++) {
      const world = await builtTwice();
      await runUntil(world, calls);
      if (!isMoving(world)) break;
      if (!world.fs.existsSync(source)) halfWay++;
      damage(world, objectFile('one'));
      const again = afterwards(world);
      const { said } = await saidOf(again);
      const [edits, changed] = [keptEdits(again), history(again).changed(scope)];
      expect({ calls, edits, changed, said, marked: isMoving(again) }).toEqual({
        calls,
        edits: [],
        changed: undefined,
        said: expect.not.stringContaining('edits') as string,
        marked: false,
      });
    }
    expect(halfWay).toBeGreaterThan(0);
  },
);
