import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceInputs } from '../../lib/sources/source-inputs.ts';
import type { FileMemo } from '../../lib/sources/source-context.ts';
import { failureOf, makeContext, put, type TestContext } from './make-context.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('downloads count by their checksum, repositories by their revision, and not by where they are kept', () => {
  const context = makeContext('https://h/a.tgz;name=a;subdir=x git:///srv/r.git;protocol=file;branch=m', {
    flags: new Map([['a.sha256sum', 'ABC']]),
    srcrev: () => '0123456789012345678901234567890123456789',
  });
  const { fetch, unpack } = sourceInputs(context);
  expect(fetch.map(({ kind, name, value }) => `${kind} ${name} = ${value}`)).toEqual([
    'source https://h/a.tgz = sha256:abc',
    'source git://…/r.git = 0123456789012345678901234567890123456789',
  ]);
  expect(unpack.map(({ name }) => name)).toEqual([
    'https://h/a.tgz;subdir=x',
    'git://…/r.git;destsuffix=git',
  ]);
});

test('where a repository goes that names no place is an input: it goes by the version', () => {
  const named = (gitDestSuffix: string, parameters = ''): string | undefined => {
    const srcUri = `git:///srv/r.git;protocol=file;branch=m${parameters}`;
    const context = makeContext(srcUri, { srcrev: () => '0'.repeat(40), gitDestSuffix });
    return sourceInputs(context).unpack[0]?.name;
  };
  expect(named('r-1')).toBe('git://…/r.git;destsuffix=r-1');
  expect(named('r-2')).toBe('git://…/r.git;destsuffix=r-2');
  expect(named('r-2', ';subdir=x')).toBe('git://…/r.git;subdir=x');
});

test('the order of sources is an input as far as one may write over another', () => {
  const order = (srcUri: string): readonly string[] => {
    const context = makeContext(srcUri);
    for (const name of ['a.tar', 'b.zip', 'dir/x', 'x', 'c', 'd', 'e.gz', 'x.patch'])
      put(join(context.files, name), '');
    return sourceInputs(context).order.map(({ kind, name, value }) => `${kind} ${name} = ${value}`);
  };
  expect(order('file://a.tar file://d file://c file://x.patch')).toEqual([]);
  expect(order('file://d file://c')).toEqual([]);
  expect(order('file://b.zip file://a.tar file://c')).toEqual(['source order = b.zip a.tar']);
  expect(order('file://d file://c file://dir')).toEqual(['source order = c d dir']);
  expect(order('file://d file://a.tar;unpack=0')).toEqual([]);
  expect(order('file://e.gz file://dir;subdir=e file://x.patch')).toEqual([
    'source order = e.gz dir;subdir=e',
  ]);
  expect(order('file://dir/x file://x;subdir=dir')).toEqual(['source order = dir/x x;subdir=dir']);
  expect(order('file://c;subdir=x file://a.tar file://c;subdir=y')).not.toEqual(
    order('file://c;subdir=y file://a.tar file://c;subdir=x'),
  );
  expect(order('file://c https://h/e;unpack=0 file://e.gz')).toEqual(['source order = c https://h/e e.gz']);
});

test('downloads that would be one file in DL_DIR are refused, unless they are the same', async () => {
  const checksums = (b: string): TestContext =>
    makeContext('https://h/a/v1.tgz;name=a https://h/b/v1.tgz;name=b', {
      flags: new Map([
        ['a.sha256sum', 'aa'],
        ['b.sha256sum', b],
      ]),
    });
  const error = await failureOf(() => sourceInputs(checksums('bb')));
  expect([error.fault, error.message, ...error.hints]).toEqual([
    'metadata',
    'thing: https://h/a/v1.tgz and https://h/b/v1.tgz would both be v1.tgz in DL_DIR, and they are not the same',
    'Add ;downloadfilename=NAME to one of them, ;downloadfilename=thing-v1.tgz for example.',
  ]);
  expect(sourceInputs(checksums('aa')).fetch).toHaveLength(2);
});

test('local files count by content and by whether they may be run, directories file by file', () => {
  const context = makeContext('file://tool file://conf file://empty.patch');
  put(join(context.files, 'tool'), '', 0o775);
  put(join(context.files, 'empty.patch'), '', 0o664);
  put(join(context.files, 'conf/sub/x'), '');
  mkdirSync(join(context.files, 'conf/hollow'));
  symlinkSync('sub/x', join(context.files, 'conf/link'));
  const { unpack, patch } = sourceInputs(context);
  expect(unpack.map(({ kind, name, value }) => `${kind} ${name} = ${value}`)).toEqual([
    `file tool = sha256:${EMPTY} 755`,
    'file conf/hollow/ = directory',
    'file conf/link = sha256:867135880e15eb86a3a1958deda8831ea42bcec1f557ed6ae45d946cc344f97b link',
    `file conf/sub/x = sha256:${EMPTY} 644`,
    `file empty.patch = sha256:${EMPTY} 644`,
  ]);
  expect(patch.map(({ name, value }) => `${name} = ${value}`)).toEqual([
    `empty.patch = patch 1 sha256:${EMPTY} 644`,
  ]);
});

test('a fifo among the sources is named, and nobody waits for it', async () => {
  const context = makeContext('file://conf');
  put(join(context.files, 'conf/x'), '');
  execFileSync('mkfifo', [join(context.files, 'conf/pipe')]);
  const failure = await failureOf(() => sourceInputs(context));
  expect(failure.message).toContain('conf/pipe is a fifo, a socket or a device');
});

test('a file is read again only when its stat has changed', () => {
  const memo: FileMemo = new Map();
  const context = makeContext('file://x', { memo });
  const path = join(context.files, 'x');
  put(path, 'one');
  const [first] = sourceInputs(context).unpack;
  const stat = memo.get(path)?.stat ?? '';
  memo.set(path, { stat, sha256: 'remembered' });
  expect(sourceInputs(context).unpack[0]?.value).toBe('sha256:remembered 644');
  utimesSync(path, 1, 1);
  expect(sourceInputs(context).unpack).toEqual([first]);
});

test('a file that is nowhere is refused with where it was looked for and what is nearly it', async () => {
  const context = makeContext('file://sub/fix-buld.patch');
  put(join(context.files, 'sub/fix-build.patch'), '');
  const error = await failureOf(() => sourceInputs(context));
  expect([error.fault, error.message, ...error.hints]).toEqual([
    'metadata',
    'thing: there is no file for "file://sub/fix-buld.patch"',
    'Did you mean "file://sub/fix-build.patch"?',
    `Searched ${context.files} (the directories of FILESPATH that exist).`,
  ]);
});

test('a repository without a revision is refused with the command that finds one', async () => {
  const error = await failureOf(() =>
    sourceInputs(makeContext('git://h/x;protocol=https;branch=main', { offline: true })),
  );
  expect(error.message).toBe(
    'thing: SRCREV is not set, and "git://h/x;protocol=https;branch=main" needs one',
  );
  expect(error.hints).toContain('git ls-remote https://h/x refs/heads/main');
  const floating = await failureOf(() =>
    sourceInputs(makeContext('git://h/x;branch=m', { srcrev: () => 'main', offline: true })),
  );
  expect(floating.message).toBe('thing: SRCREV is "main", which is not a full commit id');
});
