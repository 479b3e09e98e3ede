/** BB_DISKMON_DIRS: what becomes of a build when a disk fills up under it. */
import { expect, test } from 'vitest';
import { parseDiskLimits } from '../../lib/operations/building/disk-limits.ts';
import { formatBuildEvent } from '../../lib/reporting/build-lines.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const recipes = {
  'lib_1.0.bb': `do_compile() {
	emit \${B}/object as-it-is compiled
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`,
};

/** Builds on a disk that has `room` bytes before each task; the last holds on. */
async function buildWith(
  limits: string,
  room: number[],
): Promise<{ readonly ok: boolean; readonly ran: readonly string[]; readonly said: string }> {
  const world = engineWorld(recipes);
  world.fs.writeFileSync('/build/conf/local.conf', `BB_DISKMON_DIRS = "${limits}"\n`);
  const events: BuildEvent[] = [];
  const diskSpace = (): { bytes: number; inodes: number } => ({
    bytes: (room.length > 1 ? room.shift() : room[0]) ?? 0,
    inodes: 500,
  });
  const { ok } = await buildIn({ ...world, diskSpace }, 'lib', (event) => events.push(event));
  const ran = events.flatMap((event) => (event.event === 'task-finished' ? [event.task] : []));
  const view = { paint: createPaint(false), verbose: false, quiet: true };
  const low = events.filter(({ event }) => event === 'disk-low');
  return { ok, ran, said: low.map((event) => formatBuildEvent(event, view)).join('') };
}

const GIB = 1 << 30;

test('below the limit no new task starts, and it is said what is big and what gc would free', async () => {
  const { ok, ran, said } = await buildWith('STOPTASKS,/build/tmp,1G,', [2 * GIB, GIB / 2]);
  expect({ ok, ran }).toEqual({ ok: false, ran: ['lib:do_unpack'] });
  expect(said).toMatch(
    /^error: 512.0 MiB free in \/build\/tmp, where BB_DISKMON_DIRS wants 1.0 GiB: no task starts any more\nhint: varve history size   what takes room here; most: .*\nhint: varve gc --dry-run   what it would free: at least \d+.*\n$/,
  );
});

test('a warning is given once, and the build goes on', async () => {
  const { ok, said } = await buildWith('WARN,/build,1G,', [0]);
  expect({ ok, said }).toEqual({
    ok: true,
    said: 'warning: 0 bytes free in /build, where BB_DISKMON_DIRS wants 1.0 GiB\n',
  });
});

test('inodes are watched too, and without a limit nothing is', async () => {
  expect((await buildWith('WARN,/build,,1K', [0])).said).toBe(
    'warning: 500 inodes free in /build, where BB_DISKMON_DIRS wants 1024 inodes\n',
  );
  expect(await buildWith('', [0])).toMatchObject({ ok: true, said: '' });
});

test('the words of BitBake mean what they mean there', () => {
  expect(parseDiskLimits(' WARN,/a,1G,\tSTOPTASKS,/b,,100K HALT,/c,1M,1 ABORT,/d,1,')).toEqual([
    { action: 'warn', dir: '/a', bytes: GIB },
    { action: 'stop', dir: '/b', inodes: 102_400 },
    { action: 'halt', dir: '/c', bytes: 1 << 20, inodes: 1 },
    { action: 'halt', dir: '/d', bytes: 1 },
  ]);
  for (const wrong of ['STOP,/a,1G,', 'WARN,a,1G,', 'WARN,/a,,', 'WARN,/a,much,', 'WARN,/a,1G,1K,1', 'WARN'])
    expect(() => parseDiskLimits(wrong)).toThrow(
      `BB_DISKMON_DIRS holds "${wrong}", which is not ACTION,DIR,SPACE`,
    );
});

/** What a build says that finds a store on a disk of its own full. */
async function buildWithFullStore(world: World): Promise<readonly BuildEvent[]> {
  const isStore = (path: unknown): boolean => String(path).startsWith('/build/artifacts');
  const inStore = new Set<number>();
  const openSync: typeof world.fs.openSync = (path, ...how) => {
    const fd = world.fs.openSync(path, ...how);
    if (isStore(path) && how[0] !== 'r') inStore.add(fd);
    else inStore.delete(fd);
    return fd;
  };
  const write = (fd: number, ...what: readonly unknown[]): number => {
    if (inStore.has(fd))
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return world.fs.writeSync(fd, ...(what as [Uint8Array]));
  };
  const writeSync = write as typeof world.fs.writeSync;
  const diskSpace = (path: string): { bytes: number; inodes: undefined } => ({
    bytes: isStore(path) ? 0 : 66 * GIB,
    inodes: undefined,
  });
  const events: BuildEvent[] = [];
  const full = { ...world, fs: { ...world.fs, openSync, writeSync }, diskSpace };
  await buildIn(full, 'lib', (event) => events.push(event)).catch(() => {});
  return events;
}

test('a store on a disk of its own that is full is what is named, with what makes room there', async () => {
  const events = await buildWithFullStore(engineWorld(recipes));
  const view = { paint: createPaint(false), verbose: false, quiet: true };
  const said = events.filter(({ event }) => event === 'disk-full' || event === 'message');
  expect(said.map((event) => formatBuildEvent(event, view)).join('')).toBe(
    'error: there was no room on the disk: 0 bytes free in /build/artifacts (ARTIFACT_DIR)\n' +
      'hint: varve gc --max-size 10G, or less   keeps less in the store, as far as nothing more is needed\n',
  );
});

test('what comes from a directory into a full store is no trouble of that directory', async () => {
  const world = engineWorld(recipes);
  expect((await buildIn(world, 'lib', () => {})).ok).toBe(true);
  world.fs.renameSync('/build/artifacts', '/mirror');
  for (const dir of ['tmp', 'history']) world.fs.rmSync(`/build/${dir}`, { recursive: true });
  world.fs.writeFileSync('/build/conf/local.conf', 'ARTIFACT_MIRRORS = "file:///mirror"\n');
  const told = (await buildWithFullStore(world)).map(({ event }) => event);
  expect(told).toContain('disk-full');
  expect(told).not.toContain('message');
});
