import { expect, test } from 'vitest';
import { fetchedAs } from '../../lib/execution/mixing/fetched-as.ts';
import { mixedSrcUri } from '../../lib/execution/mixing/mixed-src-uri.ts';
import { parseSrcUri, type SourceUri } from '../../lib/sources/parse-src-uri.ts';
import type { Input } from '../../lib/terms/inputs.ts';

const uris = (text: string): readonly SourceUri[] =>
  parseSrcUri(text, { recipe: 'a', recipeFile: '/layer/a.bb' });
const file = (name: string): Input => ({ kind: 'file', name, value: 'sha256:0 644' });
const patch = (number: number, name: string): Input => ({
  kind: 'source',
  name,
  value: `patch ${number} sha256:0 644`,
});

test('files that are no inputs go, others come, and what is fetched stays', () => {
  const now = 'https://example.org/a.tar.gz;name=a file://gone.c file://src;subdir=x';
  expect(mixedSrcUri(uris(now), { unpack: [file('src;subdir=x/a.c'), file('new.c')], patch: [] })).toBe(
    'https://example.org/a.tar.gz;name=a file://src;subdir=x file://new.c',
  );
});

test('a name written with a percent sign and one written plainly are the same file', () => {
  expect(mixedSrcUri(uris('file://a%2Bb.c'), { unpack: [file('a+b.c')], patch: [] })).toBe('file://a%2Bb.c');
});

test('patches stand in the order in which they were applied', () => {
  const now = 'file://two.patch file://a.c file://one.patch;striplevel=0';
  const unpack = ['one.patch', 'two.patch', 'a.c', 'three.patch'].map(file);
  const order = [
    patch(1, 'one.patch;striplevel=0'),
    patch(2, 'three.patch;striplevel=2'),
    patch(3, 'two.patch'),
  ];
  expect(mixedSrcUri(uris(now), { unpack, patch: order })).toBe(
    'file://one.patch;striplevel=0 file://a.c file://three.patch;striplevel=2 file://two.patch',
  );
});

test('sources that may write over each other stand in the order in which they were unpacked', () => {
  const order: Input = { kind: 'source', name: 'order', value: 'b.tar https://h/c.tar a.tar' };
  const unpack = [...['a.tar', 'b.tar', 'd'].map(file), order];
  expect(mixedSrcUri(uris('file://a.tar file://d https://h/c.tar file://b.tar'), { unpack, patch: [] })).toBe(
    'file://b.tar file://d https://h/c.tar file://a.tar',
  );
});

test('revisions and checksums are set as the entries of SRC_URI name them', () => {
  const sha = '0'.repeat(64);
  const source = (name: string, value: string): Input => ({ kind: 'source', name, value });
  expect(
    fetchedAs(
      uris(`https://example.org/a.tar.gz;name=a git:///srv/b.git;protocol=file;branch=main
        git://someone@example.org/c;name=c;protocol=ssh;branch=main`),
      [
        source('https://example.org/a.tar.gz', `sha256:${sha}`),
        source('git://…/b.git', '1234'),
        source('git://example.org/c', '5678'),
      ],
    ),
  ).toEqual([
    { variable: 'SRC_URI', flag: 'a.sha256sum', value: sha },
    { variable: 'SRCREV', value: '1234' },
    { variable: 'SRCREV_c', value: '5678' },
  ]);
});
