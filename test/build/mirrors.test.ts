import { expect, test } from 'vitest';
import { showArtifact } from '../../lib/operations/artifacts.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { pushArtifacts } from '../../lib/operations/push-artifacts.ts';
import { plainRecipe } from '../support/workspace.ts';
import { memoryBuild, buildDir, type MemoryBuild } from '../support/memory-build.ts';
import { mirrorServer } from '../support/mirror-server.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';

const needing = (...names: readonly string[]): string =>
  plainRecipe({ do_compile: 'true', do_install: 'true' }, `DEPENDS = "${names.join(' ')}"\n`);

/** Four levels: base, two libraries, app, image. */
const files = {
  'recipes/base_1.bb': needing(),
  'recipes/lib-a_1.bb': needing('base'),
  'recipes/lib-b_1.bb': needing('base'),
  'recipes/app_1.bb': needing('lib-a', 'lib-b'),
  'recipes/disk_1.bb': needing('app'),
};
const LEVELS = 4;
const RECIPES = Object.keys(files).length;

const machine = (mirrors: string): MemoryBuild =>
  memoryBuild({ files, local: `ARTIFACT_MIRRORS = "${mirrors}"\n` });

/** A machine that has built everything. */
async function builder(): Promise<MemoryBuild> {
  const w = machine('');
  expect((await w.ran('disk')).length).toBeGreaterThan(RECIPES);
  return w;
}

/** The files of a store by path below it, as a server has them. */
function storeOf({ world: { fs } }: MemoryBuild, dir = `${buildDir}/artifacts`): ReadonlyMap<string, Buffer> {
  const below = (path: string): readonly string[] =>
    fs
      .readdirSync(path, { withFileTypes: true })
      .flatMap((found) => (found.isDirectory() ? below(`${path}/${found.name}`) : [`${path}/${found.name}`]));
  return new Map(
    ['ac', 'cas']
      .flatMap((kind) => below(`${dir}/${kind}`))
      .map((path) => [path.slice(dir.length), Buffer.from(fs.readFileSync(path))]),
  );
}

const isEntry = (request: string): boolean => request.startsWith('GET /ac/');
const isArchive = (request: string): boolean => request.startsWith('GET /cas/');

const online = { offline: false };
const ofTasks = (events: readonly BuildEvent[], verdict: string): readonly string[] =>
  events.flatMap((event) =>
    event.event === 'task-finished' && event.verdict === verdict ? [event.task] : [],
  );
const warnings = (events: readonly BuildEvent[]): readonly string[] =>
  events.flatMap((event) => (event.event === 'message' && event.level === 'warning' ? [event.text] : []));
const isOk = (events: readonly BuildEvent[]): boolean => {
  const last = events.at(-1);
  return last?.event === 'build-finished' && last.ok;
};

test('an empty machine takes the last artifact from the mirror, runs nothing, and brings nothing else', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  const w = machine(server.url);
  const events = await w.build('disk', online);
  expect(ofTasks(events, 'run')).toEqual([]);
  expect(ofTasks(events, 'restore')).toEqual(['disk:do_install']);
  expect(server.requests.filter(isArchive)).toHaveLength(1);
  expect(server.requests.filter(isEntry)).toHaveLength(RECIPES);
  // What was revoked is asked once.
  expect(server.requests).toHaveLength(RECIPES + 2);
  expect(server.rounds()).toBeLessThanOrEqual(LEVELS + 2);
  const [archive] = server.requests.filter(isArchive).map((request) => request.slice('GET '.length));
  const brought = storeOf(w).get(archive ?? '');
  expect(brought).toEqual(server.files.get(archive ?? ''));
  expect(() => showArtifact(w.world, { buildDir, rev: 'app' })).toThrow(
    /^the store has no artifact of app: only a mirror has it, /,
  );
});

/** Ten recipes, each of which needs the one before it. */
const chain = Object.fromEntries(
  Array.from({ length: 10 }, (_, n) => [
    `recipes/link-${n}_1.bb`,
    needing(...(n === 0 ? [] : [`link-${n - 1}`])),
  ]),
);
const chainMachine = (mirror: string): MemoryBuild =>
  memoryBuild({ files: chain, local: `ARTIFACT_MIRRORS = "${mirror}"\n` });

test('what was pushed is found in one pass, however many levels there are, with a request for each entry', async () => {
  const server = await mirrorServer();
  const first = chainMachine('');
  await first.build('link-9');
  await pushArtifacts(first.world, { buildDir, targets: [], mirror: server.url }, () => {});
  server.requests.length = 0;
  const before = server.rounds();
  const events = await chainMachine(server.url).build('link-9', online);
  expect(ofTasks(events, 'run')).toEqual([]);
  expect(server.requests.filter(isEntry)).toHaveLength(10);
  expect(server.requests).toHaveLength(12);
  // One for the recipe that needs nothing, one for all others, one for the archive.
  expect(server.rounds() - before).toBe(3);
});

test('where something is made another way here, what is the same in spite of it is found all the same', async () => {
  const server = await mirrorServer();
  const first = chainMachine('');
  await first.build('link-9');
  await pushArtifacts(first.world, { buildDir, targets: [], mirror: server.url }, () => {});
  const w = chainMachine(server.url);
  w.write(
    'recipes/link-4_1.bb',
    needing('link-3')
      .replace('DEPENDS', '# a comment\nDEPENDS')
      .replace('do_compile() {', 'do_compile() {\n\t: nothing'),
  );
  const events = await w.build('link-9', online);
  expect(isOk(events)).toBe(true);
  expect(new Set(ofTasks(events, 'run').map((task) => task.split(':')[0]))).toEqual(new Set(['link-4']));
});

test('what was learned from a mirror is not asked again, nor is it needed for a build that has nothing to do', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  const w = machine(server.url);
  await w.build('disk', online);
  server.requests.length = 0;
  expect(await w.ran('disk', online)).toEqual([]);
  expect(await w.ran('disk', { offline: true })).toEqual([]);
  expect(await w.why('disk:install')).not.toHaveProperty('on');
  expect(server.requests).toEqual([]);
});

test('what an artifact stood for, and what was restored since, has changed for nobody', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  const w = machine(server.url);
  await w.build('disk', online);
  w.write('recipes/app_1.bb', needing('lib-a', 'lib-b').replace('true', 'true # changed'));
  expect(ofTasks(await w.build('disk', online), 'restore')).toContain('lib-a:do_install');
  const { recipes } = diffRevisions(w.world, { buildDir, revs: ['@1', '@2'], paths: [] });
  expect(recipes?.map(({ recipe }) => recipe)).toEqual(['app', 'disk']);
});

test('a recipe that was changed here is built here, with what it needs from the mirror', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  const w = machine(server.url);
  w.write('recipes/app_1.bb', needing('lib-a', 'lib-b').replace('true', 'true # changed'));
  const events = await w.build('app', online);
  expect(isOk(events)).toBe(true);
  expect(new Set(ofTasks(events, 'run').map((task) => task.split(':')[0]))).toEqual(new Set(['app']));
  expect(ofTasks(events, 'restore').toSorted()).toEqual([
    'base:do_install',
    'lib-a:do_install',
    'lib-b:do_install',
  ]);
});

test('a directory will do as a mirror, and is only read', async () => {
  const w = machine('file:///mnt/cache');
  const { fs } = w.world;
  for (const [path, bytes] of storeOf(await builder())) {
    fs.mkdirSync(`/mnt/cache${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
    fs.writeFileSync(`/mnt/cache${path}`, bytes);
  }
  const before = storeOf(w, '/mnt/cache');
  expect(ofTasks(await w.build('disk'), 'restore')).toEqual(['disk:do_install']);
  expect(storeOf(w, '/mnt/cache')).toEqual(before);
  expect(fs.readdirSync('/mnt/cache').map(String).toSorted()).toEqual(['ac', 'cas']);
});

test('a mirror that nobody answers at is told once, and the next one is asked', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  const w = machine(`http://127.0.0.1:1/ file:///nowhere ${server.url}`);
  const events = await w.build('disk', online);
  expect(ofTasks(events, 'run')).toEqual([]);
  expect(warnings(events)).toEqual([
    'the artifact mirror http://127.0.0.1:1 cannot be used (connect ECONNREFUSED 127.0.0.1:1); this build goes on without it',
    'the artifact mirror file:///nowhere cannot be used (there is no directory /nowhere); this build goes on without it',
  ]);
});

test('a mirror that fails now and then is asked again; one that always fails is given up after three times', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  let failures = 2;
  server.instead = (_, response) => {
    if (failures === 0) return false;
    failures -= 1;
    if (failures === 1) response.destroy();
    else response.writeHead(503).end();
    return true;
  };
  expect(ofTasks(await machine(server.url).build('disk', online), 'restore')).toEqual(['disk:do_install']);
  failures = Infinity;
  server.requests.length = 0;
  const events = await machine(server.url).build('disk', online);
  expect(isOk(events)).toBe(true);
  expect(server.requests.filter(isEntry)).toHaveLength(3);
  expect(warnings(events)).toEqual([
    `the artifact mirror ${server.url} cannot be used (it answers GET with 503 Service Unavailable); this build goes on without it`,
  ]);
});

test('what answers everything with a page to log in at is told once', async () => {
  const server = await mirrorServer();
  server.instead = (_, response) => {
    response.writeHead(200).end('<!DOCTYPE html>\n<title>Log in</title>');
    return true;
  };
  const events = await machine(server.url).build('disk', online);
  expect(isOk(events)).toBe(true);
  expect(warnings(events)).toEqual([
    `the artifact mirror ${server.url} cannot be used (it answers with a page for people: is it another address, or one to log in at?); this build goes on without it`,
  ]);
});

test('without a network nobody is asked, and a build that may use nothing asks nobody', async () => {
  const server = await mirrorServer(storeOf(await builder()));
  expect((await machine(server.url).ran('disk')).length).toBeGreaterThan(RECIPES);
  expect((await machine(server.url).ran('disk', { ...online, cache: false })).length).toBeGreaterThan(
    RECIPES,
  );
  expect(server.requests).toEqual([]);
});

test('what is no mirror is told with the line that names it', async () => {
  await expect(machine('cache.example.com').build('disk', online)).rejects.toThrow(
    '"cache.example.com" is no artifact mirror',
  );
});

/** What can become of a file; the file that it changes places with is the next of its kind. */
const damages: Readonly<Record<string, (bytes: Buffer, other: Buffer) => Buffer>> = {
  flipped: (bytes) =>
    Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))),
  'cut short': (bytes) => bytes.subarray(0, bytes.length >> 1),
  emptied: () => Buffer.alloc(0),
  swapped: (_, other) => other,
};

test.each(Object.keys(damages))(
  'with any file of a mirror %s no output is wrong, and it is said',
  async (how) => {
    const first = machine('');
    await first.build('lib-a');
    const server = await mirrorServer();
    await pushArtifacts(first.world, { buildDir, targets: [], mirror: server.url }, () => {});
    const whole = new Map(server.files);
    server.requests.length = 0;
    let asked = 0;
    for (const path of whole.keys()) {
      const other = [...whole.keys()].find(
        (each) => each.slice(0, 4) === path.slice(0, 4) && !bytesOf(whole, each).equals(bytesOf(whole, path)),
      );
      const damaged = damages[how]?.(bytesOf(whole, path), bytesOf(whole, other));
      server.files.set(path, damaged ?? Buffer.alloc(0));
      const w = machine(server.url);
      w.write('recipes/top_1.bb', needing('base', 'lib-a'));
      const events = await w.build('top', online);
      expect({ path, ok: isOk(events) }).toEqual({ path, ok: true });
      // Where another entry serves as well, this one was not looked at.
      const said = warnings(events).filter((text) =>
        /the mirror .* has a damaged (entry|archive)/.test(text),
      );
      expect(said).toHaveLength(server.requests.splice(0).includes(`GET ${path}`) ? 1 : 0);
      asked += said.length;
      if (path.startsWith('/cas/'))
        expect(
          said.every((text) => text.includes(`push --verify, where it is whole, replaces ${path.slice(1)}`)),
        ).toBe(true);
      for (const name of ['base', 'lib-a'])
        expect(installed(w, 'top', `recipe-sysroot/usr/share/${name}`)).toBe(
          installed(first, name, `image/usr/share/${name}`),
        );
      server.files.set(path, bytesOf(whole, path));
    }
    expect(asked).toBeGreaterThanOrEqual(whole.size - 1);
  },
);

const bytesOf = (files: ReadonlyMap<string, Buffer>, path = ''): Buffer => files.get(path) ?? Buffer.alloc(0);
const installed = (w: MemoryBuild, recipe: string, path: string): string =>
  w.read(`${buildDir}/tmp/work/x86_64/${recipe}/${path}`);
