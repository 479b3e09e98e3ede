/** What is said of tasks that failed, were undone, were built alone, or whose results are gone. */
import { expect, test } from 'vitest';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';

const recipe = (compile: string): string => `SUMMARY = "x"
LICENSE = "CLOSED"
S = "\${UNPACKDIR}"
do_compile() {
	${compile}
}
do_install() {
	install
}
`;
const workspace = (compile: string): MemoryBuild =>
  memoryBuild({ files: { 'recipes/app_1.0.bb': recipe(compile) } });
const edit = (w: MemoryBuild, compile: string): void => w.write('recipes/app_1.0.bb', recipe(compile));

async function reasonOf(w: MemoryBuild, task: string): Promise<unknown> {
  const events = await w.build('app', { dryRun: true });
  const isAsked = (event: BuildEvent): boolean => event.event === 'verdict' && event.task === task;
  return events.flatMap((event) => (isAsked(event) && 'reason' in event ? [event.reason] : []))[0];
}

test('-n says of a task that failed in which build, and whether its inputs changed since', async () => {
  const w = workspace('exit 1');
  await w.build('app');
  const failed = { build: 1, sameInputs: true };
  expect(await reasonOf(w, 'app:do_compile')).toEqual({ kind: 'never-built', failed });
  edit(w, 'make');
  expect(await reasonOf(w, 'app:do_compile')).toEqual({
    kind: 'never-built',
    failed: { build: 1, sameInputs: false },
  });
});

test('after a failure why says that it failed, and from what to what it had changed before', async () => {
  const w = workspace('make');
  await w.build('app');
  edit(w, 'exit 1');
  await w.build('app');
  expect(await w.why('app:compile')).toMatchObject({
    verdict: 'run',
    reason: { kind: 'inputs-changed', failed: { build: 2, sameInputs: true } },
    from: 1,
    causes: [{ kind: 'function', name: 'do_compile', from: '\tmake\n', to: '\texit 1\n' }],
  });
  edit(w, 'make');
  expect(await reasonOf(w, 'app:do_compile')).toBeUndefined();
});

test('a failed build is told as one in which the task ran', async () => {
  const w = workspace('exit 1');
  await w.build('app');
  expect(await w.why('app@1:compile')).toMatchObject({
    verdict: 'run',
    outcome: { kind: 'ran', run: { ok: false } },
  });
});

test('where an edit was undone, nothing ran: why says that the older result was taken up', async () => {
  const w = workspace('make');
  await w.build('app');
  edit(w, 'make -s');
  await w.build('app');
  expect(await w.why('app:compile')).toMatchObject({
    verdict: 'run',
    outcome: { kind: 'ran' },
    from: 1,
    to: 2,
  });
  edit(w, 'make');
  expect(await w.ran('app')).toEqual([]);
  expect(await w.why('app:compile')).toMatchObject({
    verdict: 'current',
    outcome: { kind: 'taken-up', from: 1 },
    from: 2,
    to: 3,
    causes: [{ name: 'do_compile' }],
  });
  expect(await w.why()).toMatchObject({
    verdict: 'current',
    counts: { run: 0 },
    causes: [{ name: 'do_compile' }],
  });
});

test('a task that was forced is told so, and that nothing had changed', async () => {
  const w = workspace('make');
  await w.build('app');
  await w.build('app', { task: 'do_compile', force: true });
  expect(await w.why('app:compile')).toMatchObject({
    verdict: 'run',
    reason: { kind: 'forced' },
    to: 2,
    causes: [],
  });
});

test('what was built is not said to be built for the first time after its history was removed', async () => {
  const w = workspace('make');
  await w.build('app');
  for (const dir of ['history/x86_64', 'artifacts', 'tmp'])
    w.world.fs.rmSync(`${buildDir}/${dir}`, { recursive: true });
  const reason = { kind: 'missing', what: 'its result of build 1 is not here any more' };
  const told = [await w.why('app'), await w.why('app:compile')];
  expect(told).toMatchObject([{ verdict: 'run', reason, from: 1 }, { reason }]);
  await w.build('app');
  expect(await w.why('app')).toMatchObject({ reason, to: 2, outcome: { kind: 'ran' } });
  expect(await w.why('app@1')).toMatchObject({ outcome: { kind: 'untold' } });
});

test('a build of one task is no build that the others can be compared with', async () => {
  const w = workspace('make');
  await w.build('app');
  edit(w, 'make -s');
  await w.build('app', { task: 'do_compile' });
  const cause = { task: 'app:do_compile', kind: 'function', from: '\tmake\n', to: '\tmake -s\n' };
  expect(await w.why('app:install')).toMatchObject({ verdict: 'run', causes: [cause] });
  expect(await w.why('@1', '@2')).toMatchObject({ causes: [cause], cascade: [] });
  await w.build('app');
  expect(await w.why('app:install')).toMatchObject({ outcome: { kind: 'ran' }, causes: [cause] });
  expect(await w.why()).toMatchObject({ causes: [cause] });
});

const rows = (w: MemoryBuild, rev: string, across = false) =>
  logRevision(w.world, { buildDir, rev, across, paths: [] }, () => {}).map(({ task, ok, builds }) => [
    task.replace('do_', ''),
    ok,
    builds,
  ]);

test('log has a row for the task that failed, whether the recipe or the failure is asked for', async () => {
  const w = workspace('exit 1');
  await w.build('app');
  const chain = [
    ['fetch', true, [1]],
    ['unpack', true, [1]],
    ['patch', true, [1]],
    ['prepare_recipe_sysroot', true, [1]],
    ['configure', true, [1]],
    ['compile', false, [1]],
  ];
  expect(rows(w, 'app:compile@failed')).toEqual(chain);
  expect(rows(w, 'app').filter(([task]) => task !== 'populate_lic')).toEqual(chain);
  edit(w, 'make');
  await w.build('app');
  expect(rows(w, 'app').map(([task, ok]) => [task, ok])).toContainEqual(['compile', true]);
  expect(rows(w, 'app@1')).toContainEqual(['compile', false, [1]]);
});

test('log --across has a row for how a task failed, however often it did', async () => {
  const w = workspace('make');
  await w.build('app');
  for (const typed of ['exit 1', 'exit 1', 'make', 'exit 1']) {
    edit(w, typed);
    await w.build('app');
  }
  expect(rows(w, 'app:compile', true)).toEqual([
    ['compile', true, [1, 4]],
    ['compile', false, [2, 3, 5]],
  ]);
  expect(rows(w, 'app:configure', true)).toEqual([['configure', true, [1, 2, 3, 4, 5]]]);
});

test('log leaves out what stands on a state that is no longer in force', async () => {
  const w = workspace('make');
  await w.build('app');
  edit(w, 'make -s');
  await w.build('app', { task: 'do_compile' });
  expect(rows(w, 'app')).toContainEqual(['compile', true, [2]]);
  expect(rows(w, 'app').map(([task]) => task)).not.toContain('install');
});
