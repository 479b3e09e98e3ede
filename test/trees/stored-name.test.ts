import { expect, test } from 'vitest';
import { memoryObjects } from '../support/memory-objects.ts';
import { gitRefuses } from '../support/real-git.ts';
import { storedName } from '../../lib/trees/stored-name.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { formatFacts, parseFacts } from '../../lib/trees/tree-metadata.ts';

const HOSTILE = [
  '.git',
  '.GIT',
  '.Git',
  'git~1',
  'GIT~1',
  '.git ',
  '.git.',
  '.git . .',
  '.git::$INDEX_ALLOCATION',
  '.git\\x',
  'x\\.git',
  'x\\git~1',
  '.g\u00e2\u0080\u008cit',
  '\u00ef\u00bb\u00bf.git',
  '.git\u00e2\u0081\u00ab',
  '.gitmodules',
  '.GITMODULES',
  '.gitmodules ',
  'gitmod~1',
  'GITMOD~4',
  'gi7eba~1',
  'GI7E~123',
  '.gitmodule\u00e2\u0080\u008ds',
  'x\\.gitmodules',
];
const HARMLESS = [
  'git',
  '.gi',
  'git~2',
  '.gitx',
  '.gitignore',
  '.gitkeep',
  '.github',
  'a.git',
  'gitmod',
  'gitmod~5',
  'gi7eba',
  '..git',
  '~',
  '.',
  'x~1',
];

test('every name that git fsck refuses is stored under another', () => {
  for (const name of HOSTILE) {
    expect
      .soft([name, storedName(name, 'file') !== name, gitRefuses(storedName(name, 'dir'))])
      .toEqual([name, true, false]);
  }
  for (const name of HOSTILE)
    if (!/modul|gitmod|gi7e/i.test(name)) expect.soft([name, gitRefuses(name)]).toEqual([name, true]);
});

test('names that git takes are stored as they are', () => {
  for (const name of HARMLESS.filter((harmless) => harmless !== '.')) {
    expect.soft([name, storedName(name, 'file'), gitRefuses(name)]).toEqual([name, name, false]);
  }
});

test('no true name can be mistaken for an escaped one', () => {
  expect(storedName('varve%.git', 'file')).toBe('varve%varve%25.git');
  expect(storedName('.git', 'dir')).toBe('varve%.git');
});

test('an attributes file with a line too long for git is stored under an escaped name', () => {
  const objects = memoryObjects();
  const file = (text: string) => ({
    path: '.gitattributes',
    kind: 'file' as const,
    mode: 0o644,
    oid: objects.writeBlob(Buffer.from(text)),
  });
  expect([...writeEntries(objects, [file(`${'a'.repeat(2047)}\n`)]).storedPaths]).toEqual([]);
  expect([...writeEntries(objects, [file(`${'a'.repeat(2048)}\n`)]).storedPaths]).toEqual([
    ['.gitattributes', 'varve%.gitattributes'],
  ]);
});

test('metadata is text that reads back the same', () => {
  const facts = new Map([
    ['', { type: 'dir', mode: 0o700 }],
    ['a b/\u00e9\n', { type: 'file', mode: 0o4755, uid: 1, gid: 2, hardlink: 'c=d' }],
    ['x/.git', { type: 'dir', stored: 'varve%.git' }],
  ] as const);
  const text =
    '. type=dir mode=0700\n./a\\040b/\\351\\012 type=file mode=4755 uid=1 gid=2 hardlink=./c=d\n./x/.git type=dir stored=varve%.git\n';
  expect(formatFacts(facts)).toBe(text);
  expect(parseFacts(text)).toEqual(new Map(facts));
});

test('metadata that leads out of the tree is refused', () => {
  for (const path of ['../x', 'a/../../x', 'a//b', './.'])
    expect(() => parseFacts(`./${path} type=fifo\n`)).toThrow('no tree can hold');
  expect(() => parseFacts('./a type=file hardlink=./../x\n')).toThrow('no tree can hold');
});
