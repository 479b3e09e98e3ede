/** Writes an artifact as the kernel takes it for its first root: cpio in the form "newc". */
import type { Entry, ObjectStore } from '../ports/objects.ts';
import { VarveError } from '../terms/varve-error.ts';
import { listEntries } from '../trees/list-entries.ts';
import { shownPath } from '../trees/raw-text.ts';
import { below, DEFAULT_IMAGE } from '../trees/tree-metadata.ts';
import type { Members, TarOptions } from './write-tar.ts';

type Sink = (bytes: Uint8Array) => void;

/** The bits of a mode that say what something is. */
export const KIND = { file: 0o100000, dir: 0o040000, symlink: 0o120000, fifo: 0o010000 } as const;
/** What eight hexadecimal digits have room for. */
const HIGHEST = 0xffffffff;
const NEWC = '070701';
const TRAILER = 'TRAILER!!!';
/** The whole fills up blocks of this size, as with GNU cpio. */
const BLOCK = 512;

/** Writes the same bytes for the same tree and time. Extended attributes have no place in it. */
export function writeCpio({ objects, tree, time }: Omit<TarOptions, 'watch'>, sink: Sink): void {
  const entries = listEntries(objects, tree, { under: DEFAULT_IMAGE });
  const nameOf = (path: string): string => (path === DEFAULT_IMAGE ? '.' : below(DEFAULT_IMAGE, path));
  writeCpioMembers({ objects, entries, time, nameOf }, sink);
}

/** Writes a cpio of these entries, piece by piece. */
export function writeCpioMembers(
  { objects, entries, time, nameOf }: Omit<Members, 'encode' | 'watch'>,
  sink: Sink,
): void {
  let size = 0;
  const put = (bytes: Uint8Array): void => {
    sink(bytes);
    size += bytes.length;
  };
  const files = filesOf(entries);
  for (const entry of entries) {
    const leader = entry.hardlinkTo ?? entry.path;
    const file = files.get(leader) ?? { number: 0, names: 1, last: leader };
    // Of a file with several names the last one has the content.
    const content = file.last === entry.path ? contentOf(objects, entry) : undefined;
    const name = nameOf(entry.path);
    const length = content?.size ?? 0;
    if (length > HIGHEST) throw tooLarge(name, length);
    put(header(name, { ...fieldsOf(entry, file, time), size: length }));
    for (const piece of content?.pieces() ?? []) put(piece);
    put(fill(length, 4));
  }
  put(header(TRAILER, { number: 0, mode: 0, uid: 0, gid: 0, names: 1, time: 0, size: 0 }));
  put(fill(size, BLOCK));
}

/** A file, and the names that it has. */
export interface Inode {
  readonly number: number;
  readonly names: number;
  readonly last: string;
}

/** By the path that its other names lead to. */
export function filesOf(entries: readonly Entry[]): ReadonlyMap<string, Inode> {
  const files = new Map<string, Inode>();
  for (const { path, hardlinkTo, kind } of entries) {
    const known = files.get(hardlinkTo ?? path) ?? { number: files.size + 1, names: 0 };
    // A directory is in itself, too.
    const names = known.names + (kind === 'dir' ? 2 : 1);
    files.set(hardlinkTo ?? path, { ...known, names, last: path });
  }
  return files;
}

interface Content {
  readonly size: number;
  pieces(): Iterable<Uint8Array>;
}

function contentOf(objects: ObjectStore, { kind, oid }: Entry): Content | undefined {
  if (oid === undefined || (kind !== 'file' && kind !== 'symlink')) return undefined;
  return objects.openBlob(oid);
}

interface Fields {
  readonly number: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly names: number;
  readonly time: number;
  readonly size: number;
}

function fieldsOf(entry: Entry, { number, names }: Inode, time: number): Omit<Fields, 'size'> {
  const { kind, mode, uid = 0, gid = 0 } = entry;
  return { number, mode: KIND[kind] | mode, uid, gid, names, time: Math.min(time, HIGHEST) };
}

function header(name: string, { number, mode, uid, gid, names, time, size }: Fields): Buffer {
  const device = [0, 0, 0, 0];
  const numbers = [number, mode, uid, gid, names, time, size, ...device, name.length + 1, 0];
  const text = `${NEWC}${numbers.map((one) => one.toString(16).toUpperCase().padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([Buffer.from(text, 'latin1'), fill(text.length, 4)]);
}

function fill(size: number, unit: number): Buffer {
  return Buffer.alloc((unit - (size % unit)) % unit);
}

function tooLarge(name: string, size: number): VarveError {
  return new VarveError(
    'task',
    `/${shownPath(name.replace(/^\.\//, ''))} has ${size} bytes, and cpio has no room for more than 4 GiB`,
    { hints: ['IMAGE_FSTYPES = "tar.gz"   takes files of any size'] },
  );
}
