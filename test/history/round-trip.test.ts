import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createFsFromVolume, Volume } from 'memfs';
import { expect, test } from 'vitest';
import { type History, openHistory } from '../../lib/history/history.ts';
import { materialise } from '../../lib/history/materialise.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { describe, nastyThings, plant, type Things } from '../support/nasty-trees.ts';
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
