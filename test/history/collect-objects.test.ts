import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { expect, test } from 'vitest';
import { checkObjects } from '../../lib/history/check-objects.ts';
import { dropObjects, mergeObjects } from '../../lib/history/collect-objects.ts';
import { listObjectFiles } from '../../lib/history/list-object-files.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { planObjects } from '../../lib/history/plan-objects.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import { surveyObjects } from '../../lib/history/survey-objects.ts';
import type { ObjectStore } from '../../lib/ports/objects.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { git as runGit, scratchDirectory } from '../support/real-git.ts';

/** A line that says which it is, and some that do not compress. */
function contentOf(word: string, i: number): Buffer {
  const digits = Array.from({ length: 20 }, (_, line) =>
    createHash('sha256').update(`${word} ${i} ${line}`).digest('base64'),
  );
  return Buffer.from([`${word} ${i}`, ...digits, ''].join('\n'));
}

interface Repository {
  readonly gitDir: string;
  readonly objects: ObjectStore;
  /** Commits a tree with so many files whose text has `word` in it. */
  commit(word: string, files: number): ObjectId;
}

function repository(files: FileSystem = fs, gitDir = join(scratchDirectory(), 'a.git')): Repository {
  createRepository(files, gitDir, { bare: true });
  const objects = openObjectStore(files, gitDir);
  return {
    gitDir,
    objects,
    commit: (word, files) =>
      objects.batch(() => {
        const entries = Array.from({ length: files }, (_, i) => ({
          mode: 0o100644,
          name: `file${i}`,
          oid: objects.writeBlob(contentOf(word, i)),
        }));
        const tree = objects.writeTree(entries);
        return objects.writeCommit({ tree, parents: [], message: `${word}\n`, time: 1, author: 'a <a@b>' });
      }),
  };
}

function collect(gitDir: string, isNeeded: (oid: ObjectId) => boolean, files: FileSystem = fs): void {
  const plan = planObjects(surveyObjects(files, gitDir), isNeeded);
  dropObjects(files, gitDir, plan);
  for (const merge of plan.merges) mergeObjects({ fs: files, sync: () => {} }, gitDir, merge);
}

const packs = (gitDir: string): number => listObjectFiles(fs, gitDir).packs.length;

test('loose objects and fast-compressed packs become one pack that git and isomorphic-git read', async () => {
  const { gitDir, commit } = repository();
  const commits = [commit('few', 3), commit('many', 200), commit('more', 150)];
  for (const [i, name] of ['refs/heads/main', 'refs/tags/1', 'refs/tags/2'].entries())
    openRefs(fs, gitDir).write(name, commits[i] ?? ('' as ObjectId));
  const before = listObjectFiles(fs, gitDir).packs.reduce((sum, { size }) => sum + size, 0);
  expect(packs(gitDir)).toBe(2);
  collect(gitDir, () => true);
  const files = listObjectFiles(fs, gitDir);
  expect({ loose: files.loose, packs: files.packs.length }).toEqual({ loose: [], packs: 1 });
  expect(files.packs[0]?.size).toBeLessThanOrEqual(before);
  expect(runGit(gitDir, 'fsck', '--strict')).toBe('');
  const read = await git.readBlob({ fs, gitdir: gitDir, oid: commits[1] ?? '', filepath: 'file7' });
  expect(Buffer.from(read.blob)).toEqual(contentOf('many', 7));
});

test('commits lie together in a pack, and so do trees: what is asked of many builds is in few places', () => {
  const { gitDir, commit, objects } = repository();
  for (const word of ['few', 'more', 'most']) commit(word, 3);
  commit('many', 200);
  collect(gitDir, () => true);
  const kinds = surveyObjects(fs, gitDir).packs.map((pack) =>
    pack.objects.map(({ oid }) => objects.type(oid)),
  );
  expect(kinds.map((each) => each.filter((kind, i) => kind !== each[i - 1]))).toEqual([
    ['commit', 'tree', 'blob'],
  ]);
});

test('who has a repository open goes on reading while its files are merged', () => {
  const { gitDir, commit } = repository();
  const [few, many] = [commit('few', 3), commit('many', 200)];
  const reader = openObjectStore(fs, gitDir);
  const text = (of: ObjectId, file: number): string => {
    const entry = reader.readTree(reader.readCommit(of).tree).find(({ name }) => name === `file${file}`);
    return (
      reader
        .readBlob(entry?.oid ?? of)
        .toString()
        .split('\n')[0] ?? ''
    );
  };
  expect([text(few, 1), text(many, 1)]).toEqual(['few 1', 'many 1']);
  collect(gitDir, () => true);
  expect([text(few, 2), text(many, 150)]).toEqual(['few 2', 'many 150']);
});

test('a well-compressed pack is moved again only when much of it is garbage, or as much has come', () => {
  const { gitDir, commit, objects } = repository();
  const many = commit('many', 400);
  collect(gitDir, () => true);
  const [first] = listObjectFiles(fs, gitDir).packs;
  const few = commit('few', 3);
  collect(gitDir, () => true);
  expect(packs(gitDir)).toBe(2);
  expect(listObjectFiles(fs, gitDir).packs.map(({ path }) => path)).toContain(first?.path);
  const half = new Set(
    objects
      .readTree(objects.readCommit(many).tree)
      .slice(0, 200)
      .map(({ oid }) => oid),
  );
  collect(gitDir, (oid) => !half.has(oid));
  expect(packs(gitDir)).toBe(1);
  expect(openObjectStore(fs, gitDir).readCommit(few).message).toBe('few\n');
  expect([...half].some((oid) => openObjectStore(fs, gitDir).has(oid))).toBe(false);
});

test('what was left half written is removed', () => {
  const { gitDir, commit } = repository();
  commit('many', 200);
  const left = ['pack/tmp_pack_1', 'pack/tmp_idx_1', 'pack/pack-torn.pack', 'tmp_obj_large'];
  for (const name of left) fs.writeFileSync(join(gitDir, 'objects', name), 'torn');
  collect(gitDir, () => true);
  expect(left.filter((name) => fs.existsSync(join(gitDir, 'objects', name)))).toEqual([]);
});

/** Files with which something is done before the call of a number. */
function interrupted(
  files: FileSystem,
  at: number,
  what: () => void,
): { readonly files: FileSystem; readonly calls: () => number } {
  let calls = 0;
  const counted = (call: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]): unknown => {
      calls += 1;
      if (calls === at) what();
      return call(...args);
    };
  };
  const all = Object.entries(files).map(([name, call]) => [
    name,
    typeof call === 'function' ? counted(call as (...args: unknown[]) => unknown) : call,
  ]);
  return { files: Object.fromEntries(all) as FileSystem, calls: () => calls };
}

test('objects that are put into another pack while they are checked are whole, whenever that happens', () => {
  const check = (at: number) => {
    const memory = memoryFileSystem();
    const { gitDir, commit } = repository(memory, '/a.git');
    const pack = (): void => collect(gitDir, () => true, memory);
    commit('packed', 3);
    pack();
    commit('loose', 3);
    const { files, calls } = interrupted(memory, at, pack);
    const { whole, damaged, passedOver } = checkObjects(files, gitDir);
    const left = listObjectFiles(memory, gitDir).loose.length;
    return { calls: calls(), found: { damaged, passedOver, count: whole.size }, left };
  };
  const { calls, found, left } = check(0);
  expect([found.count, left]).toEqual([10, 5]);
  for (let at = 1; at <= calls; at += 1) expect({ at, ...check(at) }).toMatchObject({ at, found, left: 0 });
});
