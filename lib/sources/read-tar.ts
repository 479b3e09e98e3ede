import { pour, takeExactly, type ByteSource } from './byte-source.ts';

export type TarEntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';

/** One member of a tar. Names are the archive's bytes, each a latin1 character: they need not be UTF-8. */
export interface TarEntry {
  readonly kind: TarEntryKind;
  readonly name: string;
  /** What a link points to. */
  readonly target: string;
  readonly mode: number;
  /** Seconds since the epoch, with a fraction where the archive has one. */
  readonly mtime: number;
  readonly size: number;
  /** Why an entry of kind `other` is one. */
  readonly what: string;
}

/** A tar that cannot be read; the message completes "the archive …". */
export class BadTar extends Error {
  override readonly name = 'BadTar';
}

const BLOCK = 512;
/** Longest extended header that is believed. */
const HEADER_LIMIT = 1 << 20;

/**
 * Reads a tar from front to end: ustar, with the long names of GNU tar and the extended headers of pax. `visit` gets
 * each member, and `body`, which hands its content on; what is not asked for is skipped.
 *
 * Written for this, because the readers at hand decode names as UTF-8, and so lose those that are not.
 */
export function readTar(
  source: ByteSource,
  visit: (entry: TarEntry, body: (write: (bytes: Buffer) => void) => void) => void,
): void {
  let global: Extension = new Map();
  let local: Extension = new Map();
  for (let header = nextHeader(source, true); header !== undefined; header = nextHeader(source, false)) {
    const type = header.type;
    if (type === 'x' || type === 'X' || type === 'g') {
      const records = paxRecords(metaBody(source, header));
      if (type === 'g') global = new Map([...global, ...records]);
      else local = new Map([...local, ...records]);
    } else if (type === 'L' || type === 'K') {
      const name = untilNull(metaBody(source, header));
      local = new Map([...local, [type === 'L' ? 'path' : 'linkpath', name]]);
    } else {
      visitEntry(source, toEntry(header, new Map([...global, ...local])), visit);
      local = new Map();
    }
  }
}

type Extension = ReadonlyMap<string, string>;

interface Header {
  readonly type: string;
  readonly name: string;
  readonly target: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

function visitEntry(source: ByteSource, entry: TarEntry, visit: Parameters<typeof readTar>[1]): void {
  let left = entry.size;
  visit(entry, (write) => {
    left -= pour(source, left, write);
    if (left > 0) throw new BadTar(`ends in the middle of ${entry.name}`);
  });
  skip(source, left);
  skip(source, padding(entry.size));
}

function nextHeader(source: ByteSource, isFirst: boolean): Header | undefined {
  const block = takeExactly(source, BLOCK);
  if (block.length === 0 && !isFirst) return undefined;
  if (block.length < BLOCK) throw new BadTar(isFirst ? 'is no tar' : 'ends in the middle of a header');
  if (block.every((byte) => byte === 0)) return undefined;
  if (!checksumHolds(block)) throw new BadTar(isFirst ? 'is no tar' : 'has a damaged header');
  const isUstar = block.toString('latin1', 257, 262) === 'ustar';
  // In GNU's own format these bytes are times, not a prefix.
  const prefix = isUstar && block[263] === 0x30 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: prefix === '' ? name : `${prefix}/${name}`,
    target: text(block, 157, 100),
    mode: numeral(block, 100, 8),
    size: numeral(block, 124, 12),
    mtime: numeral(block, 136, 12),
  };
}

const KINDS: ReadonlyMap<string, TarEntryKind> = new Map([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['5', 'directory'],
  ['D', 'directory'],
]);

const OTHERS: ReadonlyMap<string, string> = new Map([
  ['3', 'a device'],
  ['4', 'a device'],
  ['6', 'a pipe'],
  ['S', 'a sparse file'],
  ['M', 'a part of a file that began in another archive'],
]);

function toEntry(header: Header, extension: Extension): TarEntry {
  const name = extension.get('path') ?? header.name;
  const sparse = [...extension.keys()].some((key) => key.startsWith('GNU.sparse.'));
  const spoken = KINDS.get(header.type) ?? 'other';
  // Tars older than POSIX have no type for directories.
  const kind = sparse ? 'other' : spoken === 'file' && name.endsWith('/') ? 'directory' : spoken;
  const size = extendedNumber(extension, 'size') ?? header.size;
  return {
    kind,
    name,
    target: extension.get('linkpath') ?? header.target,
    mode: header.mode,
    mtime: extendedNumber(extension, 'mtime') ?? header.mtime,
    // Some tars give a hard link the size of its file, but never the content.
    size: kind === 'hardlink' || header.type === '5' ? 0 : size,
    what: sparse ? 'a sparse file' : (OTHERS.get(header.type) ?? `a member of unknown type "${header.type}"`),
  };
}

function extendedNumber(extension: Extension, key: string): number | undefined {
  const value = extension.get(key);
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new BadTar(`has the ${key} "${value}" in an extended header`);
  return number;
}

function metaBody(source: ByteSource, header: Header): Buffer {
  if (header.size > HEADER_LIMIT) throw new BadTar(`has an extended header of ${header.size} bytes`);
  const body = Buffer.from(takeExactly(source, header.size));
  if (body.length < header.size) throw new BadTar('ends in the middle of an extended header');
  skip(source, padding(header.size));
  return body;
}

/** Takes `LENGTH KEY=VALUE\n` records apart; an empty value takes a key back. */
function paxRecords(body: Buffer): Extension {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, Math.max(at, space)));
    const equals = body.indexOf(0x3d, space);
    if (
      space < 0 ||
      !Number.isInteger(length) ||
      length <= 0 ||
      equals < 0 ||
      equals >= at + length ||
      at + length > body.length
    ) {
      throw new BadTar('has a damaged extended header');
    }
    const key = body.toString('latin1', space + 1, equals);
    records.set(key, body.toString('latin1', equals + 1, at + length - 1));
    at += length;
  }
  return new Map([...records].filter(([, value]) => value !== ''));
}

function checksumHolds(block: Buffer): boolean {
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let index = 0; index < BLOCK; index += 1) {
    if (index >= 148 && index < 156) continue;
    const byte = block[index] ?? 0;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const expected = numeral(block, 148, 8);
  return expected === unsigned || expected === signed;
}

/** Octal digits, or, where the highest bit is set, a binary number. */
function numeral(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if (first < 0x80) {
    const digits = text(block, at, length).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
  }
  const negative = first === 0xff;
  let value = negative ? -1 : first & 0x7f;
  for (let index = at + 1; index < at + length; index += 1) value = value * 256 + (block[index] ?? 0);
  if (!Number.isSafeInteger(value)) throw new BadTar('has a number that is too large');
  return value;
}

function text(block: Buffer, at: number, length: number): string {
  return untilNull(block.subarray(at, at + length));
}

function untilNull(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function skip(source: ByteSource, count: number): void {
  pour(source, count, () => {});
}
