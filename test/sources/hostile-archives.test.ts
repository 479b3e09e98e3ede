import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackSources } from '../../lib/sources/unpack-sources.ts';
import { failureOf, makeContext, put, type TestContext } from './make-context.ts';
import { packTar, paxRecord, type Member } from './pack-tar.ts';

function contextWith(...members: readonly Member[]): TestContext {
  const context = makeContext('file://a.tar');
  put(join(context.files, 'a.tar'), packTar(members));
  put(join(context.root, 'outside'), 'untouched');
  return context;
}

/** What unpacking these members is refused with. */
async function refusal(...members: readonly Member[]): Promise<string> {
  const context = contextWith(...members);
  const error = await failureOf(() => unpackSources(context));
  expect(readFileSync(join(context.root, 'outside'), 'utf8')).toBe('untouched');
  expect(existsSync(join(context.root, 'evil'))).toBe(false);
  return error.message.replaceAll(context.root, '');
}

test('no name leads out of the target', async () => {
  expect(await refusal({ name: '../../evil' })).toBe(
    'thing: "../../evil" of file://a.tar is not unpacked: it leads out of the directory',
  );
  expect(await refusal({ name: '/tmp/evil' })).toContain(
    '"/tmp/evil" of file://a.tar is not unpacked: its name is absolute',
  );
  expect(
    await refusal({ name: 'x', type: 'x', content: paxRecord('path', 'a/../../../evil') }, { name: 'y' }),
  ).toContain('it leads out of the directory');
});

test('no link leads out of the target', async () => {
  const through = [{ name: 'dir', type: '2', target: '../..' }, { name: 'dir/evil' }];
  expect(await refusal(...through)).toBe(
    'thing: "dir/evil" of file://a.tar is not unpacked: dir is a symbolic link',
  );
  const twice = [
    { name: 'a/b', type: '2', target: '../../..' },
    { name: 'a/b', type: '5' },
  ];
  expect(await refusal(...twice)).toContain('a/b is a symbolic link');
  expect(await refusal({ name: 'x', type: '1', target: '../../outside' })).toContain(
    'it leads out of the directory',
  );
  const linked = [
    { name: 'dir', type: '2', target: '../..' },
    { name: 'x', type: '1', target: 'dir/outside' },
  ];
  expect(await refusal(...linked)).toContain('it is a hard link to dir/outside, which is not there');
});

test('a directory that has been written to cannot be exchanged for a link', async () => {
  const members = [{ name: 'd/x' }, { name: 'd', type: '2', target: '../..' }, { name: 'd/evil' }];
  expect(await refusal(...members)).toContain('a directory of that name is there');
});

test('a file of a name takes the place of a link or a hard link, and never writes through it', () => {
  const context = contextWith(
    { name: 'link', type: '2', target: '../../outside' },
    { name: 'link', content: 'new' },
    { name: 'hard', content: 'new' },
  );
  put(join(context.unpackDir, 'keep'), 'old');
  linkSync(join(context.unpackDir, 'keep'), join(context.unpackDir, 'hard'));
  unpackSources(context);
  const read = (name: string): string => readFileSync(join(context.unpackDir, name), 'utf8');
  expect([read('link'), read('hard'), read('keep')]).toEqual(['new', 'new', 'old']);
  expect(readFileSync(join(context.root, 'outside'), 'utf8')).toBe('untouched');
});

test('a later source does not follow a link that an earlier one brought', async () => {
  const context = contextWith({ name: 'sub', type: '2', target: '../..' });
  put(join(context.files, 'sub/evil'), 'x');
  const error = await failureOf(() => unpackSources({ ...context, srcUri: 'file://a.tar file://sub/evil' }));
  expect(error.message).toBe('thing: "sub/evil" of file://sub/evil is not unpacked: sub is a symbolic link');
  const below = await failureOf(() => unpackSources({ ...context, srcUri: 'file://a.tar;subdir=../x' }));
  expect(below.message).toContain('it leads out of the directory');
});

test('links that point elsewhere are kept, as long as nothing goes through them', () => {
  const context = contextWith({ name: 'INSTALL', type: '2', target: '/usr/share/automake/INSTALL' });
  unpackSources(context);
  expect(lstatSync(join(context.unpackDir, 'INSTALL')).isSymbolicLink()).toBe(true);
});

test('devices, pipes and sparse files are refused', async () => {
  expect(await refusal({ name: 'null', type: '3' })).toContain(
    'a.tar holds a device, null, which varve does not unpack',
  );
  expect(await refusal({ name: 'pipe', type: '6' })).toContain('holds a pipe, pipe');
  expect(await refusal({ name: 'hole', type: 'S' })).toContain('holds a sparse file, hole');
});

test('setuid, setgid, sticky and the write permission of others are dropped', () => {
  const context = contextWith(
    { name: 'x', mode: 0o7777 },
    { name: 'd', type: '5', mode: 0o1777 },
    { name: 'z', mode: 0 },
  );
  unpackSources(context);
  const mode = (name: string): string => (lstatSync(join(context.unpackDir, name)).mode & 0o7777).toString(8);
  expect([mode('x'), mode('d'), mode('z')]).toEqual(['755', '755', '400']);
});

test('names are bytes, whether or not they are UTF-8', () => {
  const context = contextWith({ name: 'caf\xe9', content: '1' }, { name: 'caf\xc3\xa9', content: '2' });
  unpackSources(context);
  const names = readdirSync(context.unpackDir, { encoding: 'latin1' });
  expect(names.toSorted()).toEqual(['caf\xc3\xa9', 'caf\xe9']);
});

test.each([
  ['empty', Buffer.alloc(0), 'is no tar'],
  ['no tar', Buffer.from('<html>'.repeat(200)), 'is no tar'],
  [
    'cut in a file',
    packTar([{ name: 'x', content: 'y'.repeat(2000) }]).subarray(0, 1024),
    'ends in the middle of x',
  ],
  ['cut in a header', packTar([{ name: 'x' }]).subarray(0, 700), 'ends in the middle of a header'],
  [
    'a damaged header',
    Buffer.concat([packTar([{ name: 'x' }]).subarray(0, 512), Buffer.alloc(512, 1)]),
    'has a damaged header',
  ],
  [
    'a damaged pax header',
    packTar([{ name: 'p', type: 'x', content: '99 path=x\n' }, { name: 'y' }]),
    'has a damaged extended header',
  ],
])('a tar that is %s is told', async (_, bytes, why) => {
  const context = makeContext('file://a.tar');
  put(join(context.files, 'a.tar'), bytes);
  const error = await failureOf(() => unpackSources(context));
  expect(error.message).toBe(`thing: the archive ${context.files}/a.tar ${why}`);
});

test('damaged compression is told', async () => {
  const context = makeContext('file://a.tar.gz');
  put(
    join(context.files, 'a.tar.gz'),
    gzipSync(packTar([{ name: 'x', content: 'y'.repeat(9000) }])).subarray(0, 60),
  );
  const cut = await failureOf(() => unpackSources(context));
  expect(cut.message).toBe(`thing: ${context.files}/a.tar.gz cannot be decompressed`);
  put(join(context.files, 'a.tar.xz'), 'not xz');
  const wrong = await failureOf(() => unpackSources({ ...context, srcUri: 'file://a.tar.xz' }));
  expect(wrong.message).toBe(`thing: ${context.files}/a.tar.xz cannot be decompressed`);
  expect(wrong.hints.join()).toMatch(/format not recognized/);
});

test('an archive that is a bomb is stopped', async () => {
  const context = makeContext('file://a.gz', { unpackLimit: 1 << 20 });
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  put(join(context.files, 'a.gz'), bomb);
  const error = await failureOf(() => unpackSources(context));
  expect(error.message).toBe(
    `thing: ${context.files}/a.gz holds more than ${bomb.length * 500} bytes, too much for an archive of its size`,
  );
  expect(readdirSync(context.workdir)).toEqual(['sources']);
  unpackSources({ ...context, unpackLimit: 1 << 30 });
  expect(lstatSync(join(context.unpackDir, 'a')).size).toBe(64 << 20);
});

test('a link in FILESPATH is followed', () => {
  const context = contextWith({ name: 'x', content: 'y' });
  symlinkSync('a.tar', join(context.files, 'b.tar'));
  unpackSources({ ...context, srcUri: 'file://b.tar' });
  expect(readFileSync(join(context.unpackDir, 'x'), 'utf8')).toBe('y');
});
