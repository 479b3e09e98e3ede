import { expect, test } from 'vitest';
import { formatRevision, joinImport, parseRevision, splitImport } from '../../lib/terms/revision.ts';
import { hintsOf } from '../support/hints-of.ts';

test.each([
  ['zlib', { kind: 'artifact', recipe: 'zlib' }],
  ['zlib@12', { kind: 'artifact', recipe: 'zlib', build: '12' }],
  ['zlib@-1', { kind: 'artifact', recipe: 'zlib', build: '-1' }],
  ['zlib@ok', { kind: 'artifact', recipe: 'zlib', build: 'ok' }],
  ['zlib@nightly.3', { kind: 'artifact', recipe: 'zlib', build: 'nightly.3' }],
  ['core2-64/zlib', { kind: 'artifact', arch: 'core2-64', recipe: 'zlib' }],
  ['zlib:do_compile', { kind: 'task', recipe: 'zlib', task: 'do_compile' }],
  ['zlib:compile', { kind: 'task', recipe: 'zlib', task: 'do_compile' }],
  ['zlib@3:compile', { kind: 'task', recipe: 'zlib', task: 'do_compile', build: '3' }],
  [
    'all/gtk+3.0@ok:install',
    { kind: 'task', arch: 'all', recipe: 'gtk+3.0', task: 'do_install', build: 'ok' },
  ],
  ['zlib:compile@failed', { kind: 'failed', recipe: 'zlib', task: 'do_compile' }],
  ['zlib:edited', { kind: 'edited', recipe: 'zlib' }],
  ['zlib:edited@2', { kind: 'edited', recipe: 'zlib', n: 2 }],
  ['12', { kind: 'build', build: '12' }],
  ['@12', { kind: 'build', build: '12' }],
  ['@-1', { kind: 'build', build: '-1' }],
  ['@nightly', { kind: 'build', build: 'nightly' }],
])('"%s" is understood', (text, revision) => {
  expect(parseRevision(text)).toEqual(revision);
});

test.each([
  '',
  '@',
  'zlib@',
  'zlib:',
  ':compile',
  'zlib::x',
  'a/b/zlib',
  'zlib:compile@3',
  'zlib@3:compile@failed',
  'zlib:edited@x',
  'z lib',
])('"%s" names nothing and the error shows the forms', (text) => {
  expect(() => parseRevision(text)).toThrow(`"${text}" names nothing in the record`);
});

test.each([
  ['zlib:compile@3', 'zlib@3:compile'],
  ['all/zlib:compile@-1', 'all/zlib@-1:compile'],
  ['zlib:compile@nightly', 'zlib@nightly:compile'],
  ['zlib:compile@fail', 'zlib:compile@failed'],
  ['zlib@3:compile@failed', 'zlib:compile@failed'],
  ['-1', '@-1'],
])('"%s" is asked whether "%s" was meant', (text, near) => {
  expect(hintsOf(() => parseRevision(text))[0]).toBe(`did you mean "${near}"?`);
});

test('a revision is written as it is typed', () => {
  for (const text of [
    'zlib',
    'zlib@12',
    'all/zlib@ok:do_install',
    'zlib:do_compile@failed',
    'zlib:edited@2',
    '@-1',
  ]) {
    expect(formatRevision(parseRevision(text))).toBe(text);
  }
});

test.each([
  ['@ann@12', '@12'],
  ['@ann@-1', '@-1'],
  ['zlib@ann@12', 'zlib@12'],
  ['core2-64/zlib@ann@ok', 'core2-64/zlib@ok'],
  ['zlib@ann@3:do_compile', 'zlib@3:do_compile'],
  ['zlib@ann:compile@failed', 'zlib:compile@failed'],
  ['zlib@ann:edited', 'zlib:edited'],
  ['zlib@ann:edited@2', 'zlib:edited@2'],
])('"%s" is "%s" in the import "ann", and is written so again', (text, rev) => {
  expect(splitImport(text)).toEqual({ name: 'ann', rev });
  expect(joinImport({ name: 'ann', rev })).toBe(text);
});

test.each([
  'zlib',
  'zlib@12',
  'zlib@nightly',
  '@nightly',
  'zlib@3:compile',
  'zlib:compile@failed',
  '@@12',
  '@12@3',
])('"%s" is of no import', (text) => {
  expect(splitImport(text)).toBeUndefined();
});
