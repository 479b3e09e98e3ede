import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ObjectId } from '../../lib/terms/ids.ts';
import { findRenames, type LoneFile } from '../../lib/trees/find-renames.ts';

/** Files whose contents stand in for their object ids. */
const files = (contents: Readonly<Record<string, string>>): readonly LoneFile[] =>
  Object.entries(contents).map(([path, text]) => ({
    path,
    mode: 0o100644,
    size: text.length,
    oid: text as ObjectId,
  }));

const read = (oid: ObjectId): Buffer => Buffer.from(oid, 'latin1');

function renames(gone: Readonly<Record<string, string>>, come: Readonly<Record<string, string>>) {
  return findRenames({ gone: files(gone), come: files(come) }, read).map(
    ({ from, to, similarity }) => `${similarity} ${from.path} -> ${to.path}`,
  );
}

const lines = (...numbers: readonly number[]): string => numbers.map((n) => `line ${n}\n`).join('');

test('equal content is a rename, of several first the one with the same last name', () => {
  expect(renames({ 'a/x': 'same', 'a/y': 'same' }, { 'b/y': 'same' })).toEqual(['100 a/y -> b/y']);
  expect(renames({ a: 'same' }, { b: 'same', c: 'same' })).toEqual(['100 a -> b']);
});

test('content that is the same for the most part is a rename too, the most alike first', () => {
  const old = lines(1, 2, 3, 4);
  expect(renames({ 'old.c': old }, { 'new.c': lines(1, 2, 3, 9), 'other.c': lines(1, 2, 8, 9) })).toEqual([
    '75 old.c -> new.c',
  ]);
  expect(renames({ 'old.c': old }, { 'new.c': lines(1, 7, 8, 9) })).toEqual([]);
});

test('what is no text is compared by pieces', () => {
  const bytes = Array.from({ length: 6400 }, (_, i) => String.fromCharCode((i * 7) % 256 || 1)).join('');
  expect(renames({ a: bytes }, { b: `${bytes.slice(0, 6300)}${'\0'.repeat(100)}` })).toEqual(['97 a -> b']);
});

test('empty files are not paired, nor files with links', () => {
  expect(renames({ a: '' }, { b: '' })).toEqual([]);
  const link = { ...files({ l: 'target' })[0], mode: 0o120777 } as LoneFile;
  expect(findRenames({ gone: [link], come: files({ f: 'target' }) }, read)).toEqual([]);
});

test('equal contents need not be read', () => {
  const refuse = (): never => {
    throw new Error('it was read');
  };
  expect(findRenames({ gone: files({ a: 'x' }), come: files({ b: 'x' }) }, refuse)).toHaveLength(1);
});

test('no file is in two renames', () => {
  const some = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b'),
    fc.constantFrom('', 'x', lines(1, 2), lines(1, 2, 3), lines(1, 3), lines(4)),
  );
  fc.assert(
    fc.property(some, some, (gone, come) => {
      const found = findRenames({ gone: files(gone), come: files(come) }, read);
      expect(new Set(found.map(({ from }) => from.path)).size).toBe(found.length);
      expect(new Set(found.map(({ to }) => to.path)).size).toBe(found.length);
    }),
  );
});
