import { expect, test } from 'vitest';
import { parseAcEntry } from '../../lib/artifacts/ac-entry.ts';
import { openHistory } from '../../lib/history/history.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import { collectGarbage } from '../../lib/operations/collect-garbage.ts';
import { listRevocations, revokeArtifacts, type Revoked } from '../../lib/operations/revoke-artifacts.ts';
import { formatRevoked } from '../../lib/reporting/format-revoked.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import type { Rule } from '../../lib/trust/rule.ts';
import { buildDir, type MemoryBuild } from '../support/memory-build.ts';
import { mirrorServer } from '../support/mirror-server.ts';
import { makeKey } from '../support/ssh-key.ts';
import {
  built,
  machine,
  needing,
  now,
  ofTasks,
  online,
  pass,
  poisoned,
  push,
  recipesRun,
  right,
  warnings,
} from '../support/trusting.ts';
import { plainRecipe } from '../support/workspace.ts';

const revoke = (w: MemoryBuild, rule: Rule): Revoked => {
  const until = rule.key === undefined ? { until: new Date(now()).toISOString() } : {};
  return revokeArtifacts(w.world, { buildDir, rule: { ...until, ...rule }, write: true }, () => {});
};

test('what is revoked here is made again, once, whether it came from elsewhere or ran here', async () => {
  const w = machine({ host: 'here' });
  await w.build('disk');
  const before = built(w, 'disk');
  expect(revoke(w, { builder: 'elsewhere' }).artifacts).toEqual([]);
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
  expect(revoke(w, { recipe: 'lib-aa' })).toMatchObject({ artifacts: [], near: 'lib-a' });
  expect(revoke(w, { recipe: 'lib-a' }).near).toBeUndefined();
  expect((await w.why('lib-a')).reason).toMatchObject({
    kind: 'missing',
    what: expect.stringMatching(/^its result is revoked by here since 2026-01-01T\S+ \(--recipe lib-a\)$/),
  });
  expect(recipesRun(await w.build('disk'))).toEqual(['lib-a']);
  expect((await w.why('lib-a')).reason).toMatchObject({
    what: expect.stringMatching(/^its result is revoked by here/),
  });
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
  revoke(w, { builder: 'here' });
  expect(recipesRun(await w.build('disk'))).toEqual(['app', 'disk', 'lib-a', 'lib-b']);
  expect(built(w, 'disk')).toBe(before);
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
});

test('a build warns of a note that cannot tell who made a result', async () => {
  const w = machine({ host: 'here' });
  await w.build('lib-a');
  revoke(w, { builder: 'elsewhere' });
  expect(warnings(await w.build('lib-a'))).toEqual([]);
  const history = openHistory({
    fs: w.world.fs,
    gitDir: `${buildDir}/history/x86_64/lib-a.git`,
    workdir: `${buildDir}/tmp/work/x86_64/lib-a`,
    now: () => 0,
  });
  const commit = history.refs.read('refs/tags/do_compile') as CommitId;
  history.notes.set('runs', new Map([[commit, 'junk\n']]));
  const unread = expect.stringContaining(`notes/runs on commit ${commit.slice(0, 12)} cannot be read: `);
  const withheld = expect.stringContaining('lib-a: what there is of it is revoked by here');
  expect(warnings(await w.build('lib-a'))).toEqual([unread, withheld]);
});

test('what would be revoked is listed, and is not before it is said to be done', async () => {
  const w = machine({ host: 'here' });
  await w.build('disk');
  const listed = revokeArtifacts(w.world, { buildDir, rule: { recipe: 'lib-a' }, write: false }, () => {});
  expect(listed.artifacts.map(({ recipe }) => recipe)).toEqual(['lib-a']);
  expect(listRevocations(w.world, { buildDir }, () => {}).revocations).toEqual([]);
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
  const vain = revokeArtifacts(w.world, { buildDir, rule: { builder: 'nobody' }, write: true }, () => {});
  expect(formatRevoked(vain)).toBe(
    'nothing of this store is revoked now, and the rule stands for what comes from elsewhere: --builder nobody\n',
  );
});

test('what a host tool had a part in is revoked by a part of what it says of itself', async () => {
  const w = machine({});
  await w.build('disk');
  expect(revoke(w, { hosttool: { name: 'gcc', value: '12.1' } }).artifacts).toEqual([]);
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
  expect(revoke(w, { hosttool: { name: 'gcc', value: '12.2' } }).artifacts).toHaveLength(4);
  const ran = ofTasks(await w.build('disk'), 'run');
  expect(ran).toContain('lib-a:do_compile');
  // No compiler has a part in unpacking.
  expect(ran).not.toContain('lib-a:do_unpack');
  expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
});

test('only what was made in a period is revoked', async () => {
  const w = machine({});
  await w.build('lib-a');
  const since = new Date(now()).toISOString();
  await w.build('lib-b');
  const until = new Date(now()).toISOString();
  await w.build('disk');
  revoke(w, { since, until });
  expect(recipesRun(await w.build('disk'))).toEqual(['lib-b']);
});

test('a revocation travels with a push, and is heard with the next question', async () => {
  const server = await poisoned();
  const w = machine({ mirror: server.url });
  w.write('recipes/top_1.bb', needing('lib-a', 'disk'));
  expect(recipesRun(await w.build('top', online))).toEqual(['top']);
  const ci = machine({ host: 'ci', mirror: server.url });
  await ci.build('disk', online);
  revoke(ci, { builder: 'farm' });
  await ci.build('disk', online);
  expect((await push(ci, server.url)).revocations).toBe(1);
  // It has nothing to ask, and heard not long ago.
  expect(ofTasks(await w.build('top', online), 'run')).toEqual([]);
  w.write('recipes/top_1.bb', needing('lib-a', 'disk', 'lib-b').replace('true', 'true #'));
  const dry = await w.build('top', { ...online, dryRun: true });
  const events = await w.build('top', online);
  expect(warnings(events)[0]).toMatch(
    /^results are revoked by ci since 2026-01-01T\S+: --builder farm --until /,
  );
  expect(warnings(dry)[0]).toBe(warnings(events)[0]);
  // ci had made the others again, and the mirror let it put them in the place of what does not count.
  expect(recipesRun(events)).toEqual(['top']);
  expect({ 'lib-a': w.read(`${buildDir}/tmp/work/x86_64/top/recipe-sysroot/usr/share/lib-a`) }).toEqual(
    await right('lib-a'),
  );
  expect(ofTasks(await w.build('top', online), 'run')).toEqual([]);
});

test('a build that has nothing to ask hears of a revocation within the hour', async () => {
  const server = await poisoned();
  const w = machine({ mirror: server.url });
  w.write('recipes/top_1.bb', needing('lib-a', 'disk'));
  await w.build('top', online);
  const ci = machine({ host: 'ci', mirror: server.url });
  await ci.build('disk', online);
  revoke(ci, { recipe: 'lib-a' });
  await push(ci, server.url);
  server.requests.length = 0;
  expect(ofTasks(await w.build('top', online), 'run')).toEqual([]);
  expect(server.requests).toEqual([]);
  pass(3_600_000);
  expect(recipesRun(await w.build('top', online))).toEqual(['app', 'disk', 'lib-a', 'top']);
  // Another mirror within that hour: a directory, which each build looks at.
  const conf = `${buildDir}/conf/local.conf`;
  w.write(conf, w.read(conf).replace(server.url, 'file:///mnt/cache'));
  w.write('/mnt/cache/revocations', '');
  expect(recipesRun(await w.build('top', online))).toEqual([]);
  revoke(ci, { recipe: 'lib-b' });
  w.write('/mnt/cache/revocations', ci.read(`${buildDir}/artifacts/revocations`));
  expect(warnings(await w.build('top', { ...online, dryRun: true }))[0]).toMatch(/--recipe lib-b/);
  expect(recipesRun(await w.build('top', online))).toEqual(['lib-b']);
  // And a server, of which nothing is needed: it is asked once.
  const other = await mirrorServer();
  w.write(conf, w.read(conf).replace('file:///mnt/cache', other.url));
  await w.build('top', online);
  await w.build('top', online);
  expect(other.requests).toEqual(['GET /revocations']);
});

test('where keys are named, a revocation counts that one of them signed', async () => {
  const [ci, mallory] = [makeKey('ci'), makeKey('mallory')];
  const builder = machine({ host: 'ci', signs: ci });
  await builder.build('disk');
  const server = await mirrorServer();
  await push(builder, server.url);
  const other = machine({ host: 'mallory', signs: mallory, mirror: server.url });
  await other.build('disk', online);
  revoke(other, { builder: 'ci' });
  await push(other, server.url);
  const w = machine({ mirror: server.url, trusts: [ci] });
  expect(ofTasks(await w.build('disk', online), 'run')).toEqual([]);
  expect(() => revoke(w, { builder: 'ci' })).toThrow(
    'a revocation counts here where it is signed with one of ARTIFACT_TRUSTED_KEYS, and there is no such key to sign with',
  );
  revoke(builder, { builder: 'ci' });
  await push(builder, server.url);
  w.write('recipes/lib-b_1.bb', needing().replace('true', 'true #'));
  expect(recipesRun(await w.build('disk', online))).toEqual(['app', 'disk', 'lib-a', 'lib-b']);
});

test('a key that was lost is revoked for what it will sign too; what it signed stays readable', async () => {
  const [farm, ci] = [makeKey('farm'), makeKey('ci')];
  const server = await poisoned({ farm, ci });
  const w = machine({ mirror: server.url, trusts: [farm, ci], signs: ci });
  w.write('recipes/top_1.bb', needing('lib-a', 'disk'));
  await w.build('top', online);
  const wrong = read(w, 'lib-a@1');
  expect(revoke(w, { key: farm.id }).artifacts.map(({ recipe }) => recipe)).toEqual(['lib-a']);
  await w.build('top', online);
  expect({ 'lib-a': read(w, 'lib-a') }).toEqual(await right('lib-a'));
  expect(read(w, 'lib-a@1')).toBe(wrong);
  const later = machine({ host: 'farm', flaw: 'two bits flip', signs: farm });
  await later.build('lib-b');
  server.files.clear();
  await push(later, server.url);
  w.write('recipes/lib-b_1.bb', needing().replace('true', 'true #'));
  later.write('recipes/lib-b_1.bb', needing().replace('true', 'true #'));
  await later.build('lib-b');
  await push(later, server.url);
  expect(recipesRun(await w.build('lib-b', online))).toEqual(['lib-b']);
});

function read(w: MemoryBuild, rev: string): string {
  const path = `usr/share/${rev.replace(/@.*/, '')}`;
  return catFile(w.world, { buildDir, rev, path }).bytes.toString();
}

test('those that share a store share what is revoked, which gc leaves alone', async () => {
  const one = machine({ host: 'one' });
  await one.build('disk');
  revoke(one, { recipe: 'lib-b' });
  await collectGarbage(
    one.world,
    { buildDir, dryRun: false, idle: false, maxSize: 0, since: now() },
    () => {},
  );
  expect(listRevocations(one.world, { buildDir }, () => {}).revocations).toHaveLength(1);
  expect(recipesRun(await one.build('disk'))).toEqual(['lib-b']);
});

test('a damaged line of what is revoked is said, and the others count', async () => {
  const w = machine({});
  await w.build('disk');
  revoke(w, { recipe: 'lib-a' });
  revoke(w, { recipe: 'lib-b' });
  const path = `${buildDir}/artifacts/revocations`;
  w.write(path, w.read(path).replace('lib-a', 'lib-c'));
  const events = await w.build('disk');
  expect(recipesRun(events)).toEqual(['lib-b']);
  expect(warnings(events)[0]).toBe(`${path}:1 cannot be read and is passed over`);
});

test('what came from elsewhere goes into an emptied store in the name of who made it', async () => {
  const [farm, ci] = [makeKey('farm'), makeKey('ci')];
  const server = await poisoned({ farm, ci });
  const w = machine({ host: 'here', mirror: server.url });
  w.write('recipes/top_1.bb', needing('lib-a', 'disk'));
  await w.build('top', online);
  w.world.fs.rmSync(`${buildDir}/artifacts`, { recursive: true });
  await w.build('top', online);
  expect(revoke(w, { key: farm.id }).artifacts.map(({ builtBy, recipe }) => [recipe, builtBy.host])).toEqual([
    ['lib-a', 'farm'],
  ]);
});

/** A recipe with a second artifact, which is made from the first. */
const deploying = {
  'recipes/boot_1.bb': plainRecipe(
    { do_compile: 'true', do_install: 'true', do_deploy: 'true' },
    'addtask deploy after do_install before do_build\ndo_deploy[artifact] = "${WORKDIR}/deploy"\ndo_deploy[cleandirs] = "${WORKDIR}/deploy"\n',
  ),
};

test('what a task made from an artifact that is revoked is revoked with it', async () => {
  const server = await mirrorServer();
  const farm = machine({ host: 'farm', flaw: 'a bit flips', files: deploying });
  await farm.build('boot');
  await push(farm, server.url);
  for (const path of server.files.keys()) {
    const entry = path.startsWith('/ac/') ? parseAcEntry(String(server.files.get(path))) : '';
    if (typeof entry !== 'string' && entry.task === 'do_deploy') server.files.delete(path);
  }
  const ci = machine({ host: 'ci', mirror: server.url, files: deploying });
  expect(ofTasks(await ci.build('boot', online), 'run')).toEqual(['boot:do_deploy']);
  await push(ci, server.url);
  const w = machine({ host: 'here', mirror: server.url, files: deploying });
  expect(ofTasks(await w.build('boot', online), 'run')).toEqual([]);
  for (const each of [ci, w]) {
    revoke(each, { builder: 'farm' });
    expect(ofTasks(await each.build('boot', online), 'run')).toContain('boot:do_deploy');
  }
});

test('who built nothing here can tell a mirror all the same what is revoked', async () => {
  const server = await poisoned();
  const admin = machine({ host: 'admin' });
  await expect(push(admin, server.url)).rejects.toThrow('nothing was built here yet');
  revoke(admin, { recipe: 'lib-a' });
  expect(await push(admin, server.url)).toMatchObject({ artifacts: [], revocations: 1 });
  const w = machine({ mirror: server.url });
  await w.build('disk', online);
  expect({ disk: built(w, 'disk') }).toEqual(await right('disk'));
});
