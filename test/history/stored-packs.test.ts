/** What is recorded in haste is stored, and compressed when nobody waits. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { expect, test } from 'vitest';
import { listPacks } from '../../lib/history/list-object-files.ts';
import { deflatedPieces, STORED } from '../../lib/history/deflated-pieces.ts';
import { encodeCommit, encodeTree } from '../../lib/history/object-format.ts';
import { createPackWriter } from '../../lib/history/pack-writer.ts';
import { objectId } from '../../lib/trees/object-id.ts';
import type { ObjectType } from '../../lib/ports/objects.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { compressPack, storedPacks } from '../../lib/history/stored-packs.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId, ObjectId, TreeId } from '../../lib/terms/ids.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { git as runGit, scratchDirectory } from '../support/real-git.ts';

const MB = 1 << 20;
const plenty = (): number => Infinity;

interface Recorded {
  readonly gitDir: string;
  readonly commit: CommitId;
  readonly contents: ReadonlyMap<string, Buffer>;
}

/** Half of a file cannot be compressed. */
const contentOf = (size: number): Buffer =>
  Buffer.concat([randomBytes(size / 2), Buffer.alloc(size / 2, 'text ')]);

/** A commit of files of so many bytes each, written together. */
function record(
  files: FileSystem,
  gitDir: string,
  { sizes, room }: { readonly sizes: readonly number[]; readonly room?: () => number },
): Recorded {
  createRepository(files, gitDir, { bare: true });
  const objects = openObjectStore(files, gitDir, { room });
  const contents = new Map(sizes.map((size, i) => [`file${i}`, contentOf(size)]));
  const commit = objects.batch(() => {
    const entries = [...contents].map(([name, content]) => ({
      mode: 0o100644,
      name,
      oid: objects.writeBlob(content),
    }));
    const tree = objects.writeTree(entries);
    return objects.writeCommit({ tree, parents: [], message: 'x\n', time: 1, author: 'a <a@b>' });
  });
  openRefs(files, gitDir).write('refs/heads/main', commit);
  return { gitDir, commit, contents };
}

const onDisk = (asked: Parameters<typeof record>[2]): Recorded =>
  record(fs, join(scratchDirectory(), 'a.git'), asked);

function compressAll(files: FileSystem, gitDir: string): void {
  for (const pack of storedPacks(files, gitDir)) compressPack({ fs: files, sync: () => {} }, gitDir, pack);
}

/** Names of the files whose content is as it was recorded. */
function intact(files: FileSystem, { gitDir, commit, contents }: Recorded): readonly string[] {
  const objects = openObjectStore(files, gitDir);
  return objects
    .readTree(objects.readCommit(commit).tree)
    .filter(({ name, oid }) => objects.readBlob(oid).equals(contents.get(name) ?? Buffer.alloc(0)))
    .map(({ name }) => name);
}

const bytes = (gitDir: string): number =>
  listPacks(fs, gitDir).reduce((sum, { path }) => sum + fs.statSync(`${path}.pack`).size, 0);

test('the first of many megabytes are compressed at once, the rest later; everybody reads both', async () => {
  const recorded = onDisk({ sizes: Array.from({ length: 6 }, () => 4 * MB), room: plenty });
  const { gitDir, commit, contents } = recorded;
  expect([listPacks(fs, gitDir).length, storedPacks(fs, gitDir).length]).toEqual([2, 1]);
  expect(bytes(gitDir)).toBeGreaterThan(15 * MB);
  const check = async (): Promise<void> => {
    expect(intact(fs, recorded)).toHaveLength(contents.size);
    expect(runGit(gitDir, 'fsck', '--strict')).toBe('');
    const read = await git.readBlob({ fs, gitdir: gitDir, oid: commit, filepath: 'file5' });
    expect(Buffer.from(read.blob).equals(contents.get('file5') ?? Buffer.alloc(0))).toBe(true);
  };
  await check();
  compressAll(fs, gitDir);
  expect([listPacks(fs, gitDir).length, storedPacks(fs, gitDir).length]).toEqual([2, 0]);
  expect(bytes(gitDir)).toBeLessThan(13 * MB);
  await check();
});

test('where the disk has little room left, and where nobody comes to compress it later, all is compressed at once', () => {
  const sizes = Array.from({ length: 6 }, () => 4 * MB);
  for (const room of [() => 1 << 30, undefined]) {
    const recorded = onDisk({ sizes, ...(room && { room }) });
    expect(storedPacks(fs, recorded.gitDir)).toEqual([]);
    expect(bytes(recorded.gitDir)).toBeLessThan(13 * MB);
    expect(intact(fs, recorded)).toHaveLength(sizes.length);
  }
});

test('who has a repository open goes on reading while what was stored is compressed', () => {
  const { gitDir, commit, contents } = onDisk({
    sizes: Array.from({ length: 6 }, () => 4 * MB),
    room: plenty,
  });
  const reader = openObjectStore(fs, gitDir);
  const entries = reader.readTree(reader.readCommit(commit).tree);
  const read = (name: string): boolean => {
    const oid = entries.find((entry) => entry.name === name)?.oid as ObjectId;
    return reader.readBlob(oid).equals(contents.get(name) ?? Buffer.alloc(0));
  };
  expect(read('file4')).toBe(true);
  compressAll(fs, gitDir);
  expect(['file4', 'file5', 'file0'].map(read)).toEqual([true, true, true]);
});

class Killed extends Error {}

/** Files of a process that is killed before the call of a number: nothing is done any more, what would tidy up neither. */
function killedAt(
  files: FileSystem,
  at: number,
): { readonly files: FileSystem; readonly calls: () => number } {
  let calls = 0;
  const all = Object.entries(files).map(([name, call]) => {
    const counted = (...args: unknown[]): unknown => {
      calls += 1;
      if (at > 0 && calls >= at) throw new Killed();
      return (call as (...args: unknown[]) => unknown)(...args);
    };
    return [name, typeof call === 'function' ? counted : call];
  });
  return { files: Object.fromEntries(all) as FileSystem, calls: () => calls };
}

/** The same commit of two small files, in a pack that was stored in haste. */
function storeInHaste(files: FileSystem, gitDir: string): Recorded {
  createRepository(files, gitDir, { bare: true });
  const writer = createPackWriter(files, join(gitDir, 'objects/pack'), 'haste');
  const write = (type: ObjectType, body: Buffer): ObjectId => {
    const oid = objectId(type, body);
    writer.append({ oid, type, size: body.length }, deflatedPieces(body, STORED));
    return oid;
  };
  const contents = new Map(['one', 'two'].map((name) => [name, Buffer.alloc(600_000, `text of ${name} `)]));
  const entries = [...contents].map(([name, content]) => ({
    mode: 0o100644,
    name,
    oid: write('blob', content),
  }));
  const tree = write('tree', encodeTree(entries)) as TreeId;
  const commit = write(
    'commit',
    encodeCommit({ tree, parents: [], message: 'x\n', time: 1, author: 'a <a@b>' }),
  ) as CommitId;
  writer.seal();
  return { gitDir, commit, contents };
}

test('it may be killed anywhere: nothing is lost, and the next goes on from there', () => {
  const attempt = (at: number): number => {
    const memory = memoryFileSystem();
    const recorded = storeInHaste(memory, '/a.git');
    expect(storedPacks(memory, '/a.git')).toHaveLength(1);
    const { files, calls } = killedAt(memory, at);
    try {
      compressAll(files, '/a.git');
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    expect({ at, intact: intact(memory, recorded) }).toEqual({ at, intact: [...recorded.contents.keys()] });
    compressAll(memory, '/a.git');
    expect({ at, intact: intact(memory, recorded) }).toEqual({ at, intact: [...recorded.contents.keys()] });
    expect({ at, stored: storedPacks(memory, '/a.git') }).toEqual({ at, stored: [] });
    return calls();
  };
  const calls = attempt(0);
  expect(calls).toBeGreaterThan(20);
  for (let at = 1; at <= calls; at += 1) attempt(at);
});
