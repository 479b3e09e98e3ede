import { expect, test } from 'vitest';
import { catFile } from '../../lib/operations/cat-file.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { explain } from '../../lib/operations/explain.ts';
import { listBuilds } from '../../lib/operations/list-builds.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { restoreRevision } from '../../lib/operations/restore-revision.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import { refs } from '../../lib/terms/places.ts';
import {
  buildDir,
  historyOf,
  treeOf,
  worldWithBuilds,
  type BuildState,
  type RecipeState,
} from './recorded.ts';
import { zlib } from './recorded-zlib.ts';

const app: RecipeState = { tasks: { do_install: {} }, artifact: { 'usr/bin/app': 'app\n' } };
const threeBuilds: readonly BuildState[] = [
  { recipes: { zlib: zlib('-O1'), app } },
  { recipes: { zlib: zlib('-O2') }, name: 'nightly' },
  { recipes: {}, ok: false },
];
const ask = (rev: string) => ({ buildDir, rev });
const across = { across: false, paths: [] };

test('builds are listed oldest first', () => {
  expect(
    listBuilds(worldWithBuilds(threeBuilds), { buildDir }).map(({ build, ok, name, targets }) => ({
      build,
      ok,
      name,
      targets,
    })),
  ).toEqual([
    { build: 1, ok: true, name: undefined, targets: ['app'] },
    { build: 2, ok: true, name: 'nightly', targets: ['app'] },
    { build: 3, ok: false, name: undefined, targets: ['app'] },
  ]);
});

test('a REV leads to the same paths whatever names the build', () => {
  const world = worldWithBuilds(threeBuilds);
  const read = (rev: string, path: string): string => catFile(world, { ...ask(rev), path }).bytes.toString();
  expect(read('zlib', 'usr/lib/libz.a')).toBe('library -O2\n');
  expect(read('x/zlib@1', '/usr/lib/libz.a')).toBe('library -O1\n');
  expect(read('zlib@nightly', 'usr/lib/libz.a')).toBe('library -O2\n');
  expect(read('zlib@-1', 'usr/lib/libz.a')).toBe('library -O2\n');
  expect(read('zlib@1:compile', 'zlib.o')).toBe('object -O1\n');
  expect(read('zlib:install', 'image/usr/lib/libz.a')).toBe('library -O2\n');
});

test.each([
  ['zlbi', 'no build has a recipe zlbi', 'did you mean "zlib"?'],
  ['zlib:compil', 'zlib has no task do_compil', 'did you mean "zlib:do_compile"?'],
  [
    'app:install',
    'app:do_install did not run for build 3: an artifact stood for it',
    'varve build -f -c install app   runs it here',
  ],
  ['zlib:compile@failed', 'zlib:do_compile has not failed here', 'varve log zlib   lists what its tasks did'],
  ['zlib:edited', 'zlib has no edits in its record', undefined],
  ['zlib@9', "there is no build '9'", 'varve builds   lists them: 1 to 3'],
  ['@2', '"@2" is a build; a recipe in it is meant here', 'RECIPE@2, for example: app@2'],
])('%s is an error that tells what to type', (rev, message, hint) => {
  expect(() => catFile(worldWithBuilds(threeBuilds), { ...ask(rev), path: 'x' })).toThrow(
    expect.objectContaining({
      message,
      hints: hint === undefined ? [] : (expect.arrayContaining([hint]) as string[]),
    }),
  );
});

test('a file that is not there is asked back with names that are', () => {
  expect(() => catFile(worldWithBuilds(threeBuilds), { ...ask('zlib'), path: 'libz.a' })).toThrow(
    expect.objectContaining({ message: 'zlib@3 has no libz.a', hints: ['did you mean "usr/lib/libz.a"?'] }),
  );
});

test('log lists the chain with what each task did to files and the builds that stood on it', () => {
  const rows = logRevision(worldWithBuilds(threeBuilds), { ...ask('zlib'), ...across }, () => {});
  expect(rows.map(({ task, files, builds }) => [task, files.added, files.modified, builds])).toEqual([
    ['do_unpack', 1, 0, [1, 2, 3]],
    ['do_compile', 1, 0, [2, 3]],
    ['do_install', 1, 0, [2, 3]],
  ]);
});

test('log -- PATH leaves the tasks that changed something there', () => {
  const request = { ...ask('zlib'), across: false, paths: ['image/usr'] };
  const rows = logRevision(worldWithBuilds(threeBuilds), request, () => {});
  expect(rows.map(({ task }) => task)).toEqual(['do_install']);
});

test('log --across has a row for each different tree', () => {
  const world = worldWithBuilds(threeBuilds);
  const builds = (rev: string) =>
    logRevision(world, { ...ask(rev), across: true, paths: [] }, () => {}).map((row) => row.builds);
  expect(builds('zlib:compile')).toEqual([[1], [2, 3]]);
  expect(builds('zlib:unpack')).toEqual([[1, 2, 3]]);
  expect(builds('zlib')).toEqual([[1], [2, 3]]);
  expect(builds('zlib@2:compile')).toEqual([[1], [2]]);
  expect(() => builds('zlib@9')).toThrow("there is no build '9'");
  expect(() => builds('zlib:nosuch')).toThrow('zlib has no task do_nosuch');
  expect(() => builds('zlib:compile@failed')).toThrow('zlib:do_compile@failed is one state');
});

test('diff of one REV is against what came before: another artifact, the task before, the build before', () => {
  const world = worldWithBuilds(threeBuilds);
  const changes = (...revs: [string, string?]): string[] =>
    diffRevisions(world, { buildDir, revs, paths: [] }).files.map(
      ({ recipe, status, path }) => `${status} ${recipe === undefined ? '' : `${recipe} `}${path}`,
    );
  expect(changes('zlib')).toEqual(['M usr/lib/libz.a']);
  expect(changes('zlib:compile')).toEqual(['A zlib.o']);
  expect(changes('@2')).toEqual(['M zlib usr/lib/libz.a']);
  expect(changes('zlib@1:compile', 'zlib@2:compile')).toEqual(['M zlib.o']);
  expect(changes('@1', '@2')).toEqual(['M zlib usr/lib/libz.a']);
  expect(changes('zlib@2', 'zlib@3')).toEqual([]);
  expect(() => changes('app')).toThrow('no earlier artifact of app differs from app@3');
  expect(() => changes('@1', 'zlib')).toThrow(
    '@1 and zlib cannot be compared: one is a build, the other is not',
  );
});

test('why names the root cause of the newest change, and what merely followed', async () => {
  const world = worldWithBuilds(threeBuilds.slice(0, 2));
  const { task: _, ...told } = await explain(world, { buildDir, revs: [] }, () => {});
  expect(told).toEqual({
    verdict: 'run',
    reason: { kind: 'inputs-changed' },
    from: 1,
    to: 2,
    causes: [
      {
        task: 'zlib:do_compile',
        kind: 'variable',
        name: 'CFLAGS',
        from: '-O1',
        to: '-O2',
        at: 'conf/local.conf:3',
        via: [],
      },
    ],
    cascade: ['zlib:do_install'],
    appeared: [],
    gone: [],
  });
});

test('why of a task tells when it last changed; of a build in which nothing did, that', async () => {
  const told = await explain(worldWithBuilds(threeBuilds), { buildDir, revs: ['zlib:install'] }, () => {});
  expect([told.from, told.to, told.causes[0]?.name]).toEqual([1, 2, 'CFLAGS']);
  expect(
    await explain(worldWithBuilds(threeBuilds), { buildDir, revs: ['zlib@3:install'] }, () => {}),
  ).toMatchObject({
    verdict: 'current',
    from: 2,
    to: 3,
    causes: [],
  });
});

test('a statement that only moved to another line is no change', async () => {
  const moved = (at: string): RecipeState => ({
    tasks: { do_compile: { files: {}, inputs: [{ kind: 'variable', name: 'CFLAGS', value: '-O2', at }] } },
  });
  const world = worldWithBuilds([
    { recipes: { zlib: moved('/layer/zlib.bb:3'), app } },
    { recipes: { zlib: moved('/layer/zlib.bb:4'), app } },
  ]);
  expect(await explain(world, { buildDir, revs: [] }, () => {})).toMatchObject({
    verdict: 'current',
    causes: [],
    cascade: [],
  });
});

test('show tells inputs, files and builds of a task; edits have their tag', () => {
  const world = worldWithBuilds(threeBuilds);
  const shown = showRevision(world, ask('zlib:compile'));
  expect(shown).toMatchObject({
    kind: 'task',
    task: 'zlib:do_compile',
    ok: true,
    builds: [2, 3],
    inputs: [{ name: 'CFLAGS', value: '-O2' }],
    counts: { added: 1 },
  });
  const history = historyOf(world, 'zlib');
  const edited = history.commit({
    tree: treeOf(world, 'zlib', { 'zlib.c': 'mine\n' }),
    parents: [],
    subject: 'edited: zlib',
    trailers: [],
    time: 0,
  });
  history.refs.write(refs.edited(1), edited);
  history.refs.write(refs.edited(2), edited);
  expect(showRevision(world, ask('zlib:edited'))).toMatchObject({
    kind: 'task',
    rev: 'zlib:edited',
    commit: edited,
  });
});

test('restore writes into an empty directory only', () => {
  const world = worldWithBuilds(threeBuilds);
  expect(restoreRevision(world, { ...ask('zlib@1'), dir: '/out' }).entries).toBe(3);
  expect(world.fs.readFileSync('/out/usr/lib/libz.a', 'utf8')).toBe('library -O1\n');
  expect(() => restoreRevision(world, { ...ask('zlib@1'), dir: '/out' })).toThrow('/out is not empty');
});
