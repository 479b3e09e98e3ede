import { expect, test } from 'vitest';
import { isYes, parseSrcUri } from '../../lib/sources/parse-src-uri.ts';
import type { VarveError } from '../../lib/terms/varve-error.ts';

const asker = { recipe: 'thing', recipeFile: 'thing_1.0.bb' };

/** What parsing a SRC_URI complains of. */
function complaint(text: string): string {
  try {
    parseSrcUri(text, asker);
  } catch (error) {
    const { fault, message, place, hints } = error as VarveError;
    return [`${fault} ${place?.file}: ${message}`, ...hints].join('\n');
  }
  return 'none';
}

test('SRC_URI is a list of entries between white space, in order', () => {
  const uris = parseSrcUri(
    ' https://example.org/a/thing-1.0.tar.gz;name=main \n\tfile://fix.patch;striplevel=2  git://example.org/x.git;branch=main',
    asker,
  );
  expect(uris.map(({ kind, path, name }) => [kind, path, name])).toEqual([
    ['http', 'example.org/a/thing-1.0.tar.gz', 'main'],
    ['file', 'fix.patch', 'default'],
    ['git', '/x.git', 'default'],
  ]);
});

test('an empty SRC_URI has no entries', () => {
  expect(parseSrcUri('  \n ', asker)).toEqual([]);
});

test('a download is named by the last name of its path, or by downloadfilename', () => {
  const names = parseSrcUri('http://h/a/b%2B1.tar.gz https://h/v1.zip;downloadfilename=thing-1.zip', asker);
  expect(names.map((uri) => uri.kind === 'http' && uri.localName)).toEqual(['b+1.tar.gz', 'thing-1.zip']);
});

test('a git repository has protocol, user and host', () => {
  const uris = parseSrcUri(
    'git://git@h:22/a/b.git;protocol=ssh;branch=m git:///srv/x;protocol=file;nobranch=1',
    asker,
  );
  expect(uris).toMatchObject([
    { protocol: 'ssh', user: 'git', host: 'h:22', path: '/a/b.git' },
    { protocol: 'file', user: undefined, host: '', path: '/srv/x' },
  ]);
});

test('parameters say yes in any of the words that OpenEmbedded takes', () => {
  const [a, b, c] = parseSrcUri('file://a;apply=no file://b;apply=True file://c', asker);
  expect([a, b, c].map((uri) => uri !== undefined && isYes(uri, 'apply', true))).toEqual([false, true, true]);
});

test('a word without a scheme is refused with what was probably meant', () => {
  expect(complaint('fix.patch')).toBe(
    'metadata thing_1.0.bb: thing: "fix.patch" in SRC_URI is not of the form scheme://path;parameter=value\n' +
      'A file beside the recipe is written "file://fix.patch".\n' +
      'varve fetches file://, http://, https:// and git:// sources.',
  );
});

test('an unknown scheme is refused with those that are known', () => {
  expect(complaint('svn://h/x')).toBe(
    'metadata thing_1.0.bb: thing: the scheme of "svn://h/x" in SRC_URI is not supported\n' +
      'varve fetches file://, http://, https:// and git:// sources.',
  );
});

test.each([
  ['file://a;apply', 'the parameter "apply" of "file://a;apply" has no value'],
  ['file://a;striplevel=x', '"striplevel=x" of "file://a;striplevel=x" is not a number'],
  ['file://../a', '"file://../a" does not name a file'],
  ['https://h/', '"https://h/" gives no name for the downloaded file'],
  [
    'https://h/x;downloadfilename=../x',
    '"https://h/x;downloadfilename=../x" gives no name for the downloaded file',
  ],
  ['git://h/x', '"git://h/x" names no branch'],
  ['git://h/x;branch=m;protocol=svn', 'the protocol of "git://h/x;branch=m;protocol=svn" is not supported'],
  ['git:///x;branch=m;protocol=https', '"git:///x;branch=m;protocol=https" does not name a repository'],
])('%s is refused', (entry, message) => {
  expect(complaint(entry)).toContain(message);
});
