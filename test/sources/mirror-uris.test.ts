import { expect, test } from 'vitest';
import { mirrorUris } from '../../lib/sources/mirror-uris.ts';

const uri = 'https://example.org/pub/thing-1.0.tar.gz';

test('a root is joined to the name of the file', () => {
  expect(mirrorUris('https?://.*/.* file:///srv/mirror', uri, 'thing-1.0.tar.gz')).toEqual([
    'file:///srv/mirror/thing-1.0.tar.gz',
  ]);
});

test('pairs may be separated by spelled-out newlines, and each that matches counts, in order', () => {
  const pairs =
    'http://.*/.* http://no/\\n https://example.org/pub https://one/two \\n https?://.*/.* http://three/';
  expect(mirrorUris(pairs, uri, 'thing-1.0.tar.gz')).toEqual([
    'https://one/two/thing-1.0.tar.gz',
    'http://three/thing-1.0.tar.gz',
  ]);
});

test('the name in DL_DIR replaces the one upstream', () => {
  expect(mirrorUris('https://.*/.* http://m/', uri, 'renamed.tar.gz')).toEqual(['http://m/renamed.tar.gz']);
  expect(mirrorUris('https://example.org http://m', uri, 'renamed.tar.gz')).toEqual([
    'http://m/pub/renamed.tar.gz',
  ]);
});

test('groups and the words HOST, PATH and BASENAME stand for parts of the original', () => {
  expect(mirrorUris('https://([a-z]*).org/.* https://\\1.net/HOST/x/', uri, 'f')).toEqual([
    'https://example.net/example.org/x/f',
  ]);
});

test('a mirror that is the original is none', () => {
  expect(mirrorUris('https://.*/.* https://example.org/pub/', uri, 'thing-1.0.tar.gz')).toEqual([]);
});
