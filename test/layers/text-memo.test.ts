import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTextMemo, type TextMemo } from '../../lib/layers/text-memo.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

const sha256OfA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
const sha256OfLonger = '73834addcec75fafd7d73717ca1614a1324652ffa70b4b6c44fa359ae5a69dab';

/** The same files, telling which were read. */
function counted(fs: FileSystem): { readonly fs: FileSystem; readonly read: string[] } {
  const read: string[] = [];
  const openSync: FileSystem['openSync'] = (path, flags, mode) => {
    read.push(String(path));
    return fs.openSync(path, flags, mode);
  };
  const readFileSync = ((path: string | number, ...options: readonly []) => {
    if (typeof path === 'string') read.push(path);
    return fs.readFileSync(path, ...options);
  }) as FileSystem['readFileSync'];
  return { fs: { ...fs, openSync, readFileSync }, read };
}

/** A later run, told what an earlier one proved before `bound`. */
function later(fs: FileSystem, earlier: TextMemo, bound: bigint): TextMemo {
  const memo = createTextMemo(fs);
  memo.trust(earlier.proofs(bound));
  return memo;
}

function touchedAt(fs: FileSystem, path: string): bigint {
  const { mtimeNs, ctimeNs } = fs.statSync(path, { bigint: true });
  return mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
}

test('a file whose stat is as it was is not read again', () => {
  const { fs, read } = counted(memoryFileSystem({ '/f': 'a' }));
  const first = createTextMemo(fs);
  expect(first.sha256('/f')).toBe(sha256OfA);
  const second = later(fs, first, touchedAt(fs, '/f') + 10_000_000_000n);
  expect(second.sha256('/f')).toBe(sha256OfA);
  expect(read).toEqual(['/f']);
  expect(second.learnt()).toBe(false);
});

test('a file that was touched just before it was read is read again, since it may be written twice within a tick', () => {
  const { fs, read } = counted(memoryFileSystem({ '/f': 'a' }));
  const first = createTextMemo(fs);
  first.sha256('/f');
  const second = later(fs, first, touchedAt(fs, '/f'));
  expect(second.sha256('/f')).toBe(sha256OfA);
  expect(read).toEqual(['/f', '/f']);
});

test('a file that is no UTF-8 has the checksum of its bytes, like any other', () => {
  const fs = memoryFileSystem();
  fs.writeFileSync('/one', Buffer.from([0x41, 0xff]));
  fs.writeFileSync('/other', Buffer.from([0x41, 0xfe]));
  const memo = createTextMemo(fs);
  expect(memo.sha256('/one')).toBe(hash('sha256', Buffer.from([0x41, 0xff])));
  expect(memo.sha256('/other')).toBe(hash('sha256', Buffer.from([0x41, 0xfe])));
});

test('a file that was written anew has its new checksum, and one that is gone has none', () => {
  const fs = memoryFileSystem({ '/f': 'a', '/g': 'a' });
  const first = createTextMemo(fs);
  first.sha256('/f');
  first.sha256('/g');
  fs.writeFileSync('/f', 'longer');
  fs.rmSync('/g');
  const second = later(fs, first, 1n << 62n);
  expect(second.sha256('/f')).toBe(sha256OfLonger);
  expect(second.sha256('/g')).toBeUndefined();
});
