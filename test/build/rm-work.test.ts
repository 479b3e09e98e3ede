/** RM_WORK: WORKDIRs go when nobody needs them any more, and nothing is missed for it. */
import { expect, test } from 'vitest';
import { holdLease } from '../../lib/execution/holding/hold-lease.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { cleanRecipes } from '../../lib/operations/clean-recipes.ts';
import { collectGarbage } from '../../lib/operations/collect-garbage.ts';
import type { World } from '../../lib/ports/world.ts';
import { formatGarbage } from '../../lib/reporting/format-garbage.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { memoryBuild } from '../support/memory-build.ts';
import { anotherProcess, buildIn, engineWorld } from '../support/memory-engine.ts';

const view = { world: { cwd: '/', now: () => 0 }, paint: createPaint(false), verbose: false, quiet: false };

const lib = (text: string): string => `do_compile() {
	emit \${B}/object as-it-is compiled- ${text}
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
do_check() {
	emit \${B}/checked as-it-is @\${B}/object
}
addtask check after do_compile before do_build
do_pack() {
	emit \${WORKDIR}/packed as-it-is @\${D}/share/lib
}
addtask pack after do_install before do_build
`;
const app = `DEPENDS = "lib"
do_install() {
	emit \${D}/share/app as-it-is linked- @\${STAGING}/share/lib
}
`;

function worldWith(local: string): World {
  const world = engineWorld({ 'lib_1.0.bb': lib('one'), 'app_1.0.bb': app });
  world.fs.writeFileSync('/build/conf/local.conf', local);
  return world;
}

/** Builds app; the tasks that ran, and which WORKDIRs are there afterwards. */
async function build(
  world: World,
  note: (event: BuildEvent) => void = () => {},
  targets: readonly string[] = ['app'],
): Promise<{ readonly ok: boolean; readonly ran: readonly string[]; readonly workdirs: readonly string[] }> {
  const ran: string[] = [];
  const told = (event: BuildEvent): void => {
    note(event);
    if (event.event === 'task-finished' && event.verdict === 'run') ran.push(event.task);
  };
  const { ok } = await buildIn(world, 'app', told, { targets });
  return { ok, ran, workdirs: world.fs.readdirSync('/build/tmp/work/any').map(String).sort() };
}

const read = (world: World, rev: string, path: string): string =>
  catFile(world, { buildDir: '/build', rev, path }).bytes.toString();

test('WORKDIRs are gone after the build, and each with the last task that needs it', async () => {
  const world = worldWith('RM_WORK = "1"\n');
  let whileAppRan: boolean | undefined;
  const note = (event: BuildEvent): void => {
    if (event.event === 'task-started' && event.task === 'app:do_install')
      whileAppRan = world.fs.existsSync('/build/tmp/work/any/lib');
  };
  const { ok, workdirs } = await build(world, note, ['lib', 'app']);
  expect({ ok, workdirs, whileAppRan }).toEqual({ ok: true, workdirs: [], whileAppRan: false });
  expect(read(world, 'lib:compile', 'b/object')).toBe('compiled-one');
  expect(read(world, 'lib:check', 'b/checked')).toBe('compiled-one');
  expect(read(world, 'app', 'share/app')).toBe('linked-compiled-one');
  expect(checkRecord(world, { buildDir: '/build' }).damaged).toEqual([]);
});

test('the next build does what it would have done', async () => {
  const [world, other] = [worldWith('RM_WORK = "1"\n'), worldWith('')];
  const both = async (): Promise<void> => {
    expect((await build(world)).ran).toEqual((await build(other)).ran);
  };
  await both();
  await both();
  for (const each of [world, other]) each.fs.writeFileSync('/layer/lib_1.0.bb', lib('two'));
  await both();
  expect(read(world, 'app', 'share/app')).toBe(read(other, 'app', 'share/app'));
});

test('RM_WORK_EXCLUDE names recipes whose WORKDIRs stay', async () => {
  const world = worldWith('RM_WORK = "1"\nRM_WORK_EXCLUDE = "lib"\n');
  expect((await build(world)).workdirs.filter((name) => !name.startsWith('.'))).toEqual(['lib']);
});

test('a WORKDIR that shows a failure stays', async () => {
  const lib = 'do_compile() {\n\t:\n}\ndo_install() {\n\texit 1\n}\n';
  const w = memoryBuild({ files: { 'recipes/lib_1.bb': lib }, local: 'RM_WORK = "1"\n' });
  const work = (): readonly string[] =>
    w.world.fs.readdirSync('/work/build/tmp/work', { recursive: true }).map(String);
  await w.build('lib');
  expect(work().filter((path) => path.endsWith('lib/compiled')).length).toBe(1);
  w.write('recipes/lib_1.bb', lib.replace('exit 1', ':'));
  await w.build('lib');
  expect(work().filter((path) => path.endsWith('lib/compiled'))).toEqual([]);
});

test('a WORKDIR with edits stays, and one that somebody has a shell in', async () => {
  const world = worldWith('');
  await build(world);
  world.fs.writeFileSync('/build/conf/local.conf', 'RM_WORK = "1"\n');
  world.fs.writeFileSync('/build/tmp/work/any/lib/b/object', 'typed');
  const asked = { targets: ['lib'], task: 'do_compile', force: true };
  expect(await buildIn(world, 'lib', () => {}, asked)).toMatchObject({ ok: true });
  expect(world.fs.readFileSync('/build/tmp/work/any/lib/b/object', 'utf8')).toContain('compiled');
  expect(world.fs.existsSync('/build/tmp/work/any/lib')).toBe(true);
  const endLease = holdLease(anotherProcess(world), '/build/history/any/app.git');
  world.fs.writeFileSync('/layer/app_1.0.bb', app.replace('linked', 'bound'));
  expect((await build(world)).workdirs).toContain('app');
  endLease();
  world.fs.writeFileSync('/layer/app_1.0.bb', app.replace('linked', 'tied'));
  expect((await build(world)).workdirs).not.toContain('app');
});

test('gc removes WORKDIRs where the disk is full: without edits, without a shell, and with nothing half done', async () => {
  const world = worldWith('');
  await build(world);
  const full: World = { ...world, diskSpace: () => ({ bytes: 0, inodes: undefined }) };
  const asked = { buildDir: '/build', maxSize: undefined, since: undefined, idle: false, dryRun: false };
  const workdirs = async (of = full, more = {}) =>
    (await collectGarbage(of, { ...asked, ...more }, () => {})).workdirs;
  const gone = async (of = full, more = {}): Promise<readonly string[] | undefined> =>
    (await workdirs(of, more))?.removed.map(({ recipe }) => recipe);
  const held = async (): Promise<readonly string[] | undefined> =>
    (await workdirs())?.held.map(({ recipe, by }) => `${recipe}: ${by}`).sort();
  const mark = '/build/history/any/app.git/varve-running';
  world.fs.writeFileSync(mark, '{"kind":"moving","to":null}');
  world.fs.writeFileSync('/build/tmp/work/any/lib/b/object', 'typed');
  expect(await gone()).toEqual([]);
  expect(await held()).toEqual(['app: it is half way from one state to another', 'lib: it has edits']);
  world.fs.writeFileSync(mark, '{"kind":"task","task":"do_install","signature":"","swapped":false}');
  expect(await held()).toContain('app: do_install did not come to its end in it');
  world.fs.rmSync(mark);
  expect(await gone(world)).toBe(undefined);
  expect(await gone(full, { idle: true })).toBe(undefined);
  expect(await gone(full, { dryRun: true })).toEqual(['app']);
  const endLease = holdLease(anotherProcess(world), '/build/history/any/app.git');
  expect(await held()).toContain('app: somebody has a shell in it');
  endLease();
  expect(await gone()).toEqual(['app']);
  expect(world.fs.readFileSync('/build/tmp/work/any/lib/b/object', 'utf8')).toBe('typed');
  const { ran, workdirs: there } = await build(world);
  expect({ ran, has: there.includes('app') }).toEqual({ ran: [], has: false });
});

test('what gc leaves on a full disk because a task failed there, clean records and removes', async () => {
  const { world, build: tried } = memoryBuild({
    files: { 'recipes/lib_1.bb': 'do_compile() {\n\texit 1\n}\n' },
  });
  await tried('lib');
  const [buildDir, workdir] = ['/work/build', '/work/build/tmp/work/x86_64/lib'];
  const full: World = { ...world, diskSpace: () => ({ bytes: 0, inodes: undefined }) };
  const asked = { buildDir, maxSize: undefined, since: undefined, idle: false, dryRun: false };
  const told = formatGarbage(await collectGarbage(full, asked, () => {}), view);
  expect(told).toMatch(/^the WORKDIR of lib \(.*\) stays: it shows how do_compile failed$/m);
  expect(told).toMatch(/^varve clean RECIPE {3}/m);
  world.fs.writeFileSync(`${workdir}/typed`, 'by a person');
  const cleaning = { buildDir, recipes: ['lib'], artifacts: false, history: false, downloads: false };
  await cleanRecipes(full, cleaning, () => {});
  expect(world.fs.existsSync(workdir)).toBe(false);
  const typed = catFile(world, { buildDir, rev: 'lib:edited@1', path: 'typed' });
  expect(typed.bytes.toString()).toBe('by a person');
});
