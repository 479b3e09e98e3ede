/** A process that looked before goes on from what it saw; one that did not reads all. Both must say the same. */
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { type History, openHistory } from '../../lib/history/history.ts';
import { parseGitIndex } from '../../lib/history/git-index.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { describe, nastyThings, plant, type Things } from '../support/nasty-trees.ts';
import { scratchDirectory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };

afterEach(() => vi.useRealTimers());

const historyAt = (fs: FileSystem, gitDir: string): History =>
  openHistory({ fs, gitDir, workdir: '/work', now: () => Date.now() });

/** What the history says after a look: the tree, what changed, and which content the index has where. */
function looked(fs: FileSystem, history: History): unknown {
  const parent = history.refs.head();
  const { tree, files, warnings } = history.snapshot(scope, parent);
  const parents = parent === undefined ? [] : [parent];
  history.setHead(history.commit({ tree, parents, subject: 'x', trailers: [], time: 1 }));
  const index = parseGitIndex(fs.readFileSync(`${history.gitDir}/index`)) ?? [];
  return { tree, files, warnings, index: index.map(({ path, mode, oid }) => `${path} ${mode} ${oid}`) };
}

/** Takes some of what is there away, and puts things where nothing is in their way, or a file of the same path. */
function evolve(fs: FileSystem, things: Things, every: number): void {
  const at = (raw: string): string => `/work/${Buffer.from(raw, 'latin1').toString('utf8')}`;
  const kindAt = (raw: string): 'dir' | 'other' | undefined => {
    const stat = fs.lstatSync(at(raw), { throwIfNoEntry: false });
    return stat && (stat.isDirectory() ? 'dir' : 'other');
  };
  const paths = describe(fs, '/work').map((line) => String((JSON.parse(line) as readonly unknown[])[0]));
  // Memfs takes everybody for a stranger: what is to be filled or emptied must be open.
  for (const path of paths)
    if (kindAt(path) === 'dir' && (fs.statSync(at(path)).mode & 0o200) === 0) fs.chmodSync(at(path), 0o755);
  for (const [i, path] of paths.entries())
    if (i % every === 0) fs.rmSync(at(path), { recursive: true, force: true });
  const parentsOf = (path: string): readonly string[] =>
    path.split('/').map((_, i, names) => names.slice(0, i).join('/'));
  const fits = [...things].filter(([path]) =>
    parentsOf(path).every((parent) => parent === '' || kindAt(parent) !== 'other'),
  );
  for (const [path, { kind }] of fits)
    if (kind !== 'dir' || kindAt(path) === 'other') fs.rmSync(at(path), { recursive: true, force: true });
  plant(fs, '/work', new Map(fits.filter(([path]) => kindAt(path) === undefined)));
}

test('whatever changes between looks, going on from the last one says what a first look says', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const step = fc.record({
    things: nastyThings({ raw: false, fifos: false }),
    every: fc.integer({ min: 1, max: 9 }),
    minutes: fc.constantFrom(0, 60),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 5 }), (steps) => {
      vi.setSystemTime(1_700_000_000_000);
      const fs = memoryFileSystem();
      fs.mkdirSync('/work');
      const warm = historyAt(fs, '/warm.git');
      for (const { things, every, minutes } of steps) {
        vi.setSystemTime(Date.now() + minutes * 60_000);
        // A process that has only looked for changes yet goes on from that.
        const asking = historyAt(fs, '/asking.git');
        expect(asking.changed(scope)).toBeUndefined();
        evolve(fs, things, every);
        vi.setSystemTime(Date.now() + minutes * 60_000);
        const cold = historyAt(fs, '/cold.git');
        const said = looked(fs, cold);
        expect(looked(fs, warm)).toEqual(said);
        expect(looked(fs, asking)).toEqual(said);
      }
    }),
    { numRuns: 60 },
  );
});

test('a look at what did not change takes one lstat for each thing that is there, and lists the top only', () => {
  const { fs, workdir, seen, listed } = watchedFiles();
  const history = openHistory({ fs, gitDir: join(scratchDirectory(), 'git'), workdir, now: Date.now });
  const first = history.snapshot(scope);
  seen.length = listed.length = 0;
  expect(history.snapshot(scope).tree).toBe(first.tree);
  const things = nodeFs.readdirSync(workdir, { recursive: true, encoding: 'utf8' });
  const looks = seen.filter((path) => path.startsWith(`${workdir}/`) && !path.endsWith('/.git'));
  expect(looks.toSorted()).toEqual(things.map((name) => join(workdir, name)).toSorted());
  expect(listed.filter((path) => path.startsWith(workdir))).toEqual([workdir]);
});

/** A history that was recorded, and is opened anew. */
function openedAnew() {
  const { fs, workdir, listed } = watchedFiles();
  const gitDir = join(scratchDirectory(), 'git');
  const open = (): History => openHistory({ fs, gitDir, workdir, now: Date.now });
  const before = open();
  const { tree } = before.snapshot(scope);
  before.setHead(before.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 }));
  return { gitDir, workdir, listed, tree, history: open() };
}

test('who has found nothing changed lists the top only at the next look', () => {
  const { workdir, listed, tree, history } = openedAnew();
  expect(history.changed(scope)).toBeUndefined();
  listed.length = 0;
  expect([history.changed(scope), history.snapshot(scope).tree]).toEqual([undefined, tree]);
  expect(listed.filter((path) => path.startsWith(workdir))).toEqual([workdir, workdir]);
});

test('an index that git writes during the look is read again', () => {
  const { gitDir, workdir, listed, history } = openedAnew();
  const index = nodeFs.readFileSync(join(gitDir, 'index'));
  vi.spyOn(listed, 'push').mockImplementationOnce(() => {
    nodeFs.writeFileSync(join(gitDir, 'index'), index);
    return 0;
  });
  expect(history.changed(scope)).toBeUndefined();
  listed.length = 0;
  expect(history.changed(scope)).toBeUndefined();
  expect(listed.filter((path) => path.startsWith(workdir)).length).toBeGreaterThan(1);
});

test('that a directory was touched is noted, also by who has asked what changed before', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_700_000_000_000);
  const fs = memoryFileSystem();
  fs.mkdirSync('/work/dir', { recursive: true });
  fs.writeFileSync('/work/dir/file', 'x');
  vi.setSystemTime(1_700_000_060_000);
  looked(fs, historyAt(fs, '/git'));
  fs.utimesSync('/work/dir', 1, 1);
  const asking = historyAt(fs, '/git');
  expect(asking.changed(scope)).toBeUndefined();
  expect(asking.snapshot(scope).times).toBe('./dir time=1.000000000\n');
});

test('what is read again to find the same is not read a third time, and the index stays', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_700_000_000_000);
  const fs = memoryFileSystem();
  fs.mkdirSync('/work/dir', { recursive: true });
  fs.writeFileSync('/work/dir/file', 'x');
  const history = historyAt(fs, '/git');
  looked(fs, history);
  const { ino } = fs.statSync('/git/index');
  const opened = vi.spyOn(fs, 'openSync');
  const readsIn = (at: History): number => {
    vi.setSystemTime(Date.now() + 60_000);
    opened.mockClear();
    looked(fs, at);
    return opened.mock.calls.filter(([path]) => path.toString() === '/work/dir/file').length;
  };
  expect([readsIn(history), readsIn(history), readsIn(historyAt(fs, '/git'))]).toEqual([1, 0, 0]);
  expect(fs.statSync('/git/index').ino).toBe(ino);
  fs.writeFileSync('/work/dir/file', 'y');
  expect(readsIn(history)).toBe(1);
  expect(fs.statSync('/git/index').ino).not.toBe(ino);
});

/** Files of long ago, and what was asked of them. */
function watchedFiles(): {
  readonly fs: FileSystem;
  readonly workdir: string;
  readonly seen: string[];
  readonly listed: string[];
} {
  const workdir = join(import.meta.dirname, '../../lib');
  const seen: string[] = [];
  const listed: string[] = [];
  const lstatSync = ((path: Buffer, ...options: readonly []) => {
    seen.push(path.toString());
    return nodeFs.lstatSync(path, ...options);
  }) as typeof nodeFs.lstatSync;
  const readdirSync = ((path: Buffer | string, ...options: readonly []) => {
    listed.push(path.toString());
    return nodeFs.readdirSync(path, ...options);
  }) as typeof nodeFs.readdirSync;
  return { fs: { ...nodeFs, lstatSync, readdirSync }, workdir, seen, listed };
}
