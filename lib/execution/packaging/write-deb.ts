import { createHash } from 'node:crypto';
import { gzipTo } from '../../artifacts/gzip-members.ts';
import { BLOCK, encodeGnuHeader, padding, type TarHeader } from '../../artifacts/tar-header.ts';
import { writeMembers } from '../../artifacts/write-tar.ts';
import { AR_MAGIC, arHeader } from '../../packages/ar-header.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { writeWhole } from '../../ports/write-whole.ts';
import { below, isWithin } from '../../trees/tree-metadata.ts';
import type { OwnerNames } from './recipe-accounts.ts';

/** A file of the package's own: `control`, `conffiles`, `postinst`. */
export interface ControlFile {
  readonly name: string;
  /** In raw bytes: it may hold names of files. */
  readonly text: string;
  readonly mode: number;
}

export interface DebContent {
  readonly control: readonly ControlFile[];
  /** What is in the package, its root among it, sorted by bytes. */
  readonly entries: readonly Entry[];
  /** The path of the root. */
  readonly root: string;
  readonly objects: ObjectStore;
  /** The one time that everything has, in seconds since the epoch. */
  readonly time: number;
  readonly owners: OwnerNames;
}

/** Writes a package for dpkg: the same content gives the same bytes. A large file is never whole in memory. */
export function writeDeb(fs: FileSystem, path: string, content: DebContent): void {
  const { time } = content;
  const fd = fs.openSync(path, 'w');
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    writeWhole(fs, fd, bytes, at);
    at += bytes.length;
  };
  const member = (name: string, fill: (sink: (bytes: Uint8Array) => void) => void): void => {
    const header = at;
    at += arHeader({ name, size: 0, time }).length;
    const start = at;
    fill(put);
    const [end, size] = [at, at - start];
    at = header;
    put(arHeader({ name, size, time }));
    at = end;
    if (size % 2 === 1) put(Buffer.from('\n'));
  };
  try {
    put(Buffer.from(AR_MAGIC));
    member('debian-binary', (sink) => sink(Buffer.from('2.0\n')));
    member('control.tar.gz', (sink) => compress(sink, (tar) => writeControl(content, tar)));
    member('data.tar.gz', (sink) => compress(sink, (tar) => writeData(content, tar)));
  } finally {
    fs.closeSync(fd);
  }
}

/** The MD5 of each file in it, a line each, as `dpkg --verify` asks for them; in raw bytes. */
export function checksumsOf({
  entries,
  root,
  objects,
}: Pick<DebContent, 'entries' | 'root' | 'objects'>): string {
  const lines = entries.flatMap(({ kind, oid, path }) => {
    if (kind !== 'file' || oid === undefined) return [];
    const hash = createHash('md5');
    for (const piece of objects.openBlob(oid).pieces()) hash.update(piece);
    return [`${hash.digest('hex')}  ${below(root, path)}\n`];
  });
  return lines.join('');
}

type Sink = (bytes: Uint8Array) => void;

function writeControl({ control, time }: DebContent, sink: Sink): void {
  const plain = { uid: 0, gid: 0, mtime: time, link: '' } as const;
  sink(encodeGnuHeader({ ...plain, path: '.', kind: 'dir', mode: 0o755, size: 0 }));
  for (const { name, text, mode } of control) {
    const bytes = Buffer.from(text, 'latin1');
    sink(encodeGnuHeader({ ...plain, path: `./${name}`, kind: 'file', mode, size: bytes.length }));
    sink(bytes);
    sink(Buffer.alloc(padding(bytes.length)));
  }
  sink(Buffer.alloc(2 * BLOCK));
}

function writeData({ entries, root, objects, time, owners }: DebContent, sink: Sink): void {
  const nameOf = (path: string): string => (path === root ? '.' : `./${below(root, path)}`);
  const own = entries.map((entry): Entry => {
    const { hardlinkTo, ...alone } = entry;
    // Another name of a file that is in another package stands for itself.
    return hardlinkTo === undefined || isWithin(root, hardlinkTo) ? entry : alone;
  });
  const encode = (header: TarHeader): Buffer => {
    const [user, group] = [owners.user(header.uid), owners.group(header.gid)];
    return encodeGnuHeader({
      ...header,
      ...(user !== undefined && { user }),
      ...(group !== undefined && { group }),
    });
  };
  writeMembers({ objects, entries: own, time, nameOf, encode }, sink);
}

/** In members of fixed length: what is in a file never comes into memory as a whole. */
function compress(sink: Sink, fill: (sink: Sink) => void): void {
  const gzip = gzipTo(sink, SMALLEST);
  fill((bytes) => gzip.write(bytes));
  gzip.end();
}

const SMALLEST = 9;
