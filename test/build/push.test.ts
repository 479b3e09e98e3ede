import { expect, test } from 'vitest';
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { pushArtifacts } from '../../lib/operations/push-artifacts.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import { mirrorServer } from '../support/mirror-server.ts';
import { testWith } from '../support/needs.ts';
import { nginxTakesFiles, startNginx } from '../support/nginx.ts';
import { makeKey } from '../support/ssh-key.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const recipe = (needs = ''): string =>
  plainRecipe({ do_compile: 'true', do_install: 'true' }, `DEPENDS = "${needs}"\n`);
const files = {
  'recipes/lib_1.bb': recipe(),
  'recipes/app_1.bb': recipe('lib'),
  'recipes/other_1.bb': recipe(),
};

async function built(...targets: readonly string[]): Promise<MemoryBuild> {
  const w = memoryBuild({ files });
  await w.build(targets[0] ?? '', { targets });
  return w;
}

const push = async (
  w: MemoryBuild,
  mirror: string,
  ...targets: readonly string[]
): Promise<readonly string[]> =>
  (await pushArtifacts(w.world, { buildDir, targets, mirror }, () => {})).artifacts.map(
    ({ entry, pushed }) => `${entry.recipe} ${pushed.kind}`,
  );

test('what the newest build stands on is pushed: each archive before its entries, and nothing twice', async () => {
  const server = await mirrorServer();
  const w = await built('app', 'other');
  expect(await push(w, server.url)).toEqual(['app pushed', 'lib pushed', 'other pushed']);
  // Three artifacts, of which one has a deep key that is not its signature.
  const puts = server.requests.filter((request) => request.startsWith('PUT '));
  expect(puts.map((request) => request.slice(0, 8)).toSorted()).toEqual([
    'PUT /ac/',
    'PUT /ac/',
    'PUT /ac/',
    'PUT /ac/',
    'PUT /cas',
    'PUT /cas',
    'PUT /cas',
  ]);
  const archiveOf = (entry: string): string => {
    const { sha256 } = (
      JSON.parse(server.files.get(entry)?.toString() ?? '') as { archive: { sha256: string } }
    ).archive;
    return `PUT /cas/${sha256.slice(0, 2)}/${sha256}`;
  };
  for (const [index, request] of puts.entries())
    if (request.startsWith('PUT /ac/'))
      expect(puts.indexOf(archiveOf(request.slice('PUT '.length)))).toBeLessThan(index);
  expect(await push(w, server.url)).toEqual(['app stands', 'lib stands', 'other stands']);
  expect(server.requests.filter((request) => request.startsWith('PUT '))).toHaveLength(7);
});

test('what an artifact was made from is there before its entry is', async () => {
  const server = await mirrorServer();
  const w = memoryBuild({
    files: {
      'recipes/lib_1.bb': recipe(),
      'recipes/mid_1.bb': recipe('lib'),
      'recipes/app_1.bb': recipe('mid'),
    },
  });
  await w.build('app');
  await push(w, server.url);
  const recipeAt = (path: string): string =>
    (JSON.parse(server.files.get(path)?.toString() ?? '') as { recipe: string }).recipe;
  const order = server.requests
    .filter((request) => request.startsWith('PUT /ac/'))
    .map((request) => recipeAt(request.slice('PUT '.length)));
  expect([...new Set(order)]).toEqual(['lib', 'mid', 'app']);
  for (const name of ['lib', 'mid'])
    expect(order.lastIndexOf(name)).toBeLessThan(order.indexOf(name === 'lib' ? 'mid' : 'app'));
});

test('a recipe that is named is pushed with what it was built from', async () => {
  const server = await mirrorServer();
  expect(await push(await built('app', 'other'), server.url, 'app')).toEqual(['app pushed', 'lib pushed']);
});

test('what is damaged or cut short on the mirror is put right', async () => {
  const server = await mirrorServer();
  const w = await built('app');
  await push(w, server.url);
  const whole = new Map(server.files);
  for (const path of whole.keys()) {
    server.files.set(path, Buffer.from('{'));
    await push(w, server.url);
    expect(server.files).toEqual(whole);
  }
});

test('what is damaged here is not pushed', async () => {
  const server = await mirrorServer();
  const w = await built('other');
  const { fs } = w.world;
  const cas = `${buildDir}/artifacts/cas`;
  const [prefix] = fs.readdirSync(cas).map(String);
  const [name] = fs.readdirSync(`${cas}/${prefix}`).map(String);
  fs.writeFileSync(`${cas}/${prefix}/${name}`, Buffer.alloc(fs.statSync(`${cas}/${prefix}/${name}`).size));
  expect(await push(w, server.url)).toEqual(['other damaged']);
  expect(server.files.size).toBe(0);
});

test('a directory takes what is pushed as a server does', async () => {
  const w = await built('app');
  w.world.fs.mkdirSync('/mnt/cache', { recursive: true });
  expect(await push(w, 'file:///mnt/cache')).toEqual(['app pushed', 'lib pushed']);
  expect(await push(w, 'file:///mnt/cache')).toEqual(['app stands', 'lib stands']);
});

test('a directory that nothing can be written to is named as the mirror that it is', async () => {
  const w = await built('other');
  w.write('/mnt/cache/aside', 'no directory');
  const error: unknown = await push(w, 'file:///mnt/cache').catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^the artifact mirror file:\/\/\/mnt\/cache cannot be used: E[A-Z]+: .*\/mnt\/cache\/aside/,
    ),
    hints: [],
  });
});

test('a mirror that takes nothing is an error that says what it answers', async () => {
  const server = await mirrorServer();
  server.instead = (request, response) => {
    if (request.method === 'PUT') response.writeHead(status).end();
    return request.method === 'PUT';
  };
  let status = 403;
  const w = await built('other');
  const wrong = `the artifact mirror ${server.url} cannot be used: it answers PUT with`;
  await expect(push(w, server.url)).rejects.toMatchObject({
    message: `${wrong} 403 Forbidden`,
    hints: [expect.stringContaining('who may push')],
  });
  [status, server.requests.length] = [501, 0];
  await expect(push(w, server.url)).rejects.toMatchObject({
    message: `${wrong} 501 Not Implemented`,
    hints: [expect.stringContaining('must take PUT'), expect.stringContaining('file:///')],
  });
  expect(server.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
});

const lib = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\necho lib > ${D}/usr/share/lib' });
const dated = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\ndate +%N > ${D}/usr/share/date' });
const app = plainRecipe(
  { do_install: 'mkdir -p ${D}/usr/share\ncat ${STAGING_DATADIR}/lib > ${D}/usr/share/app' },
  'DEPENDS = "lib dated"\n',
);
const real = { 'recipes/lib_1.bb': lib, 'recipes/dated_1.bb': dated, 'recipes/app_1.bb': app };

/** Two build directories with one layer, as two machines would have it. */
function twoMachines(mirror: string): readonly [Workspace, (...args: string[]) => string] {
  const w = makeWorkspace({ files: real, local: `ARTIFACT_MIRRORS = "${mirror}"\n` });
  cpSync(w.path('conf'), `${w.buildDir}-2/conf`, { recursive: true });
  return [w, (...args) => w.varve('-B', `${w.buildDir}-2`, ...args).said];
}

const withNginx = testWith({ programs: ['nginx'], commands: [nginxTakesFiles] });

withNginx(
  'an empty machine takes what another one pushed to an nginx, and it is the same to the byte',
  async () => {
    const server = await startNginx();
    const [one, two] = twoMachines(server.url);
    expect(one.counts('app')).toMatchObject({ failed: 0 });
    expect(one.varve('artifact', 'push').said).toMatch(/3 artifacts pushed to http/);
    expect(server.requests().filter((request) => request.startsWith('MKCOL'))).not.toEqual([]);
    expect(one.varve('artifact', 'push').said).toMatch(/^nothing to push: 3 artifacts at http/);
    const before = server.requests().length;
    expect(two('build', 'app')).toMatch(/app:do_install {2}restored from http.*\n.*1 restored/);
    expect(
      server
        .requests()
        .slice(before)
        .map((request) => request.replace(/\w{60,}/, '')),
      // Three entries, an archive, and what was revoked.
    ).toHaveLength(5);
    one.varve('restore', 'app', 'from-one');
    two('restore', 'app', `${one.buildDir}/from-two`);
    expect(one.read('from-two/usr/share/app')).toBe(one.read('from-one/usr/share/app'));
    expect(two('gc', '--max-size', '1')).toMatch(/stay/);
  },
);

withNginx(
  'of two machines that push another content of the same inputs the first wins, and both are told',
  async () => {
    const server = await startNginx();
    const [one, two] = twoMachines(server.url);
    const signature = (said: string): string | undefined =>
      /"task":"app:do_install".*?"signature":"(\w+)"/.exec(said)?.[1];
    // Neither knows of the other while they build.
    const first = one.varve('build', '--json', '--offline', 'app').stdout;
    const second = two('build', '--json', '--offline', 'app');
    expect(signature(second)).not.toBe(signature(first));
    expect(one.varve('artifact', 'push').said).not.toContain('not reproducible');
    expect(two('artifact', 'push')).toMatch(
      /warning: dated is not reproducible: .* is used here from now on/,
    );
    expect(one.varve('artifact', 'push').said).toMatch(
      /warning: dated is not reproducible: .* which is used here, stays/,
    );
    const dateOne = one.varve('cat', 'dated', 'usr/share/date').stdout;
    const again = two('build', '--json', '-v', 'app');
    expect(signature(again)).toBe(signature(first));
    expect(two('cat', 'dated', 'usr/share/date')).toBe(dateOne);
  },
);

test('what goes out without a signature is told to whoever has a key, and signed once the key is trusted', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib } });
  w.counts('lib');
  const key = makeKey('ci');
  writeFileSync(w.path('key'), key.secret, { mode: 0o600 });
  appendFileSync(w.path('conf/local.conf'), `ARTIFACT_SIGNING_KEY = "${w.path('key')}"\n`);
  w.counts('lib');
  const pushedTo = (dir: string): string => {
    mkdirSync(w.path(dir));
    return w.varve('artifact', 'push', `file://${w.path(dir)}`).said;
  };
  expect(pushedTo('one')).toContain('warning: 1 of them without a signature');
  appendFileSync(w.path('conf/local.conf'), `ARTIFACT_TRUSTED_KEYS = "${key.pub}"\n`);
  w.counts('lib');
  expect(pushedTo('two')).not.toContain('without a signature');
});
