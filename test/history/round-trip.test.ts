import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import isomorphic, { type TreeEntry } from 'isomorphic-git';
import { createFsFromVolume, Volume } from 'memfs';
import { expect, test } from 'vitest';
import { parseGitIndex } from '../../lib/history/git-index.ts';
import { type History, openHistory } from '../../lib/history/history.ts';
import { materialise } from '../../lib/history/materialise.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { describe, everyThing, nastyThings, plant, type Thing, type Things } from '../support/nasty-trees.ts';
import { git, mkfifo, scratchDirectory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };

function historyAt(fs: FileSystem, dir: string): History {
  fs.mkdirSync(`${dir}/work`, { recursive: true });
  return openHistory({ fs, gitDir: `${dir}/history.git`, workdir: `${dir}/work`, now: () => 0, mkfifo });
}

function record(history: History): CommitId {
  const { tree, times } = history.snapshot(scope);
  const commit = history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 });
  history.notes.set('times', new Map([[commit, times]]));
  history.setHead(commit);
  return commit;
}

/** Records two states in one WORKDIR, goes back to the first, and puts the second elsewhere. */
function tryBoth(fs: FileSystem, dir: string, [first, second]: readonly [Things, Things]): History {
  const history = historyAt(fs, dir);
  plant(fs, history.workdir, first);
  const before = describe(fs, history.workdir);
  const one = record(history);
  history.unlink();
  materialise(
    fs,
    { objects: history.objects, tree: history.objects.writeTree([]) },
    { dir: history.workdir },
  );
  expect(describe(fs, history.workdir)).toEqual([]);
  plant(fs, history.workdir, second);
  const after = describe(fs, history.workdir);
  const two = record(history);

  expect(history.checkout(one, scope).warnings).toEqual([]);
  expect(describe(fs, history.workdir)).toEqual(before);
  expect(history.changed(scope)).toBeUndefined();
  const { tree } = history.objects.readCommit(two);
  materialise(fs, { objects: history.objects, tree }, { dir: `${dir}/elsewhere`, options: { mkfifo } });
  expect(describe(fs, `${dir}/elsewhere`)).toEqual(after);
  expect(writeEntries(history.objects, listEntries(history.objects, tree)).tree).toBe(tree);
  return history;
}

test('any two trees come back exactly on the real disk, and git finds the record sound', () => {
  const things = nastyThings({ raw: true, fifos: true });
  const scratch = scratchDirectory();
  fc.assert(
    fc.property(fc.tuple(things, things), (pair) => {
      const dir = nodeFs.mkdtempSync(join(scratch, 'case-'));
      const history = tryBoth(nodeFs, dir, pair);
      history.link();
      expect(git(history.workdir, 'fsck', '--strict', '--no-dangling')).toBe('');
      expect(git(history.workdir, 'status', '--porcelain')).toBe('');
    }),
    { numRuns: 60 },
  );
});

test('git does not look for a file in a directory that a restore left closed', () => {
  const fs = createFsFromVolume(new Volume()) as unknown as FileSystem;
  const history = historyAt(fs, '/build');
  const { workdir } = history;
  for (const name of ['closed', 'open']) {
    fs.mkdirSync(`${workdir}/${name}`);
    fs.writeFileSync(`${workdir}/${name}/file`, name);
  }
  fs.chmodSync(`${workdir}/closed`, 0);
  const commit = record(history);
  fs.chmodSync(`${workdir}/closed`, 0o700);
  for (const name of ['closed', 'open']) fs.rmSync(`${workdir}/${name}`, { recursive: true });
  history.checkout(commit, scope);
  const skipped = parseGitIndex(fs.readFileSync('/build/history.git/index'))?.map(
    ({ path, skipWorktree }) => [path, skipWorktree],
  );
  expect(skipped).toContainEqual(['closed/file', true]);
  expect(skipped).toContainEqual(['open/file', false]);
});

test('any two trees come back exactly in memory', () => {
  const things = nastyThings({ raw: false, fifos: false });
  fc.assert(
    fc.property(fc.tuple(things, things), (pair) => {
      const fs = createFsFromVolume(new Volume()) as unknown as FileSystem;
      tryBoth(fs, '/build', pair);
    }),
    { numRuns: 60 },
  );
});

/** Both on the real disk: what is hard to keep, and nothing. */
function everyThingOnDisk(isMeant: (path: string) => boolean): History {
  const things = [...everyThing({ raw: true, fifos: true })].filter(([path]) => isMeant(path));
  const history = tryBoth(nodeFs, scratchDirectory(), [new Map(things), new Map()]);
  history.link();
  expect(git(history.workdir, 'fsck', '--strict', '--no-dangling')).toBe('');
  expect(git(history.workdir, 'status', '--porcelain')).toBe('');
  return history;
}

test('every thing that is hard to keep comes back on the real disk', () => {
  everyThingOnDisk(() => true);
});

test('what the kernel takes in parts only is written whole', () => {
  type Where = [from: number, length: number, at: number | null];
  const writeSync = (fd: number, bytes: Buffer, ...[from, length, at]: Where): number =>
    nodeFs.writeSync(fd, bytes, from, Math.min(length, 7), at);
  const fs: FileSystem = { ...nodeFs, writeSync: writeSync as FileSystem['writeSync'] };
  // So many become a pack.
  const files = Array.from({ length: 150 }, (_, i): [string, Thing] => [
    `file ${i}`,
    { kind: 'file', mode: 0o644, text: `text ${i}` },
  ]);
  const history = tryBoth(fs, scratchDirectory(), [new Map(files), new Map()]);
  expect(nodeFs.readdirSync(join(history.gitDir, 'objects/pack'))).not.toEqual([]);
  expect(git(history.gitDir, 'fsck', '--strict', '--no-dangling')).toBe('');
});

test('git and isomorphic-git read the same of every thing that is hard to keep', async () => {
  // It reads no tree with a backslash in a name.
  const { workdir, gitDir: gitdir, refs } = everyThingOnDisk((path) => !path.includes('\\'));
  const walked = async (oid: string, prefix: string): Promise<readonly string[]> => {
    const { tree } = await isomorphic.readTree({ fs: nodeFs, gitdir, oid });
    const lines = async ({ mode, type, oid: id, path }: TreeEntry): Promise<readonly string[]> => [
      `${mode} ${type} ${id}\t${prefix}${path}`,
      ...(type === 'tree' ? await walked(id, `${prefix}${path}/`) : []),
    ];
    return (await Promise.all(tree.map(lines))).flat();
  };
  // It takes all names for UTF-8.
  const read = Buffer.from(git(workdir, 'ls-tree', '-r', '-t', '-z', 'HEAD'), 'latin1').toString('utf8');
  const lines = read.split('\0').slice(0, -1);
  expect(lines.length).toBeGreaterThan(200);
  expect((await walked(refs.head() ?? '', '')).toSorted()).toEqual(lines.toSorted());
});

test('every thing that is hard to keep comes back in memory', () => {
  const fs = createFsFromVolume(new Volume()) as unknown as FileSystem;
  tryBoth(fs, '/build', [everyThing({ raw: false, fifos: false }), new Map()]);
});
