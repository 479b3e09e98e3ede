import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { importArtifact } from '../../lib/artifacts/import-artifact.ts';
import { openStore } from '../../lib/artifacts/store.ts';
import { encodeHeader, padding, type TarHeader } from '../../lib/artifacts/tar-header.ts';
import type { ArtifactId, Signature, TreeId } from '../../lib/terms/ids.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

type Member = Pick<TarHeader, 'path' | 'kind'> & { readonly link?: string; readonly text?: string };

const dir = (path: string): Member => ({ path, kind: 'dir' });
const file = (path: string): Member => ({ path, kind: 'file', text: 'x' });
const symlink = (path: string, link: string): Member => ({ path, kind: 'symlink', link });

function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ path, kind, link = '', text = '' }) => {
    const header = { path, kind, link, mode: 0o644, uid: 0, gid: 0, mtime: 0, size: text.length };
    return [encodeHeader(header), Buffer.from(text), Buffer.alloc(padding(text.length))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Imports a tar whose hashes are all right, and tells why it was refused. */
function refusal(tar: Buffer, unpacked = tar.length): string {
  const store = openStore({ fs: memoryFileSystem(), dir: '/artifacts' });
  const archive = store.archives.write((sink) => sink(tar));
  const entry: AcEntry = {
    schema: 1,
    recipe: 'evil',
    version: '1',
    task: 'do_install',
    signature: 'e'.repeat(64) as Signature,
    id: createHash('sha256').update(tar).digest('hex') as ArtifactId,
    tree: '0'.repeat(40) as TreeId,
    archive,
    unpacked,
    time: 0,
    builtBy: { host: 'h', varve: '0' },
  };
  const outcome = importArtifact({ store, entry: store.publish(entry).entry, objects: memoryObjects() });
  return outcome.kind === 'damaged' ? outcome.why : 'it was taken';
}

test.each<readonly [string, readonly Member[], string]>([
  ['an absolute path', [file('/etc/passwd')], 'it holds the path "/etc/passwd"'],
  ['a path upwards', [dir('a'), file('a/../../x')], 'it holds the path "a/../../x"'],
  ['a path with a dot', [dir('a'), file('a/./x')], 'it holds the path "a/./x"'],
  [
    'a path through a link',
    [symlink('a', '/etc'), file('a/passwd')],
    'it holds "a/passwd" in what is no directory',
  ],
  ['a path through a file', [file('a'), file('a/b')], 'it holds "a/b" in what is no directory'],
  ['a path in no directory', [file('a/b')], 'it holds "a/b" in what is no directory'],
  ['one path twice', [symlink('a', '/etc'), dir('a')], 'it holds the path "a" twice'],
  ['two roots', [dir(''), dir('')], 'it holds the path "" twice'],
  ['a root that is a file', [file('')], 'its root is not a directory'],
  [
    'a hard link to outside',
    [{ path: 'a', kind: 'hardlink', link: '/etc/passwd' }],
    'its "a" is another name of nothing in it',
  ],
  [
    'a hard link to a directory',
    [dir('a'), { path: 'b', kind: 'hardlink', link: 'a' }],
    'its "b" is another name of nothing in it',
  ],
])('an archive with %s is refused', (_, members, why) => {
  expect(refusal(tarOf(members))).toBe(why);
});

test('devices and members of unknown types are refused', () => {
  for (const [type, digit] of [
    ['3', 'character device'],
    ['4', 'block device'],
    ['S', 'sparse file'],
  ] as const) {
    const tar = tarOf([file('dev')]);
    tar.write(type, 156, 'latin1');
    const sum = [...tar.subarray(0, 512)].reduce(
      (all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte),
      0,
    );
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(refusal(tar), digit).toBe(`it holds a member of tar type "${type}"`);
  }
});

test('a member that claims more than the archive holds is refused before memory is asked for', () => {
  const header = { ...file('big'), link: '', mode: 0o644, uid: 0, gid: 0, mtime: 0 };
  expect(refusal(encodeHeader({ ...header, kind: 'file', size: 2 ** 40 }))).toMatch(
    /^it unpacks to more than the \d+ bytes it should have$/,
  );
});

test('an archive is never unpacked further than its entry says, however much is behind that', () => {
  const bomb = Buffer.concat([tarOf([file('a')]), Buffer.alloc(16 << 20)]);
  expect(refusal(bomb, 2048)).toBe('it unpacks to more than the 2048 bytes it should have');
});

test('an archive that ends within a member is refused', () => {
  const tar = tarOf([file('a'), file('b')]);
  for (const length of [100, 512, 520, 1024, 1600, 2048]) {
    expect(refusal(tar.subarray(0, length)), String(length)).toBe('it is cut short');
  }
});
