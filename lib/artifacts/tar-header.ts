/**
 * The 512 bytes before each member of a tar archive (POSIX ustar), and the pax records for what they
 * cannot hold. Of our own rather than of the `tar` package: names may be any bytes, and all is synchronous.
 */
import { isUtf8 } from 'node:buffer';
import { Damage } from './damage.ts';

export const BLOCK = 512;

/** One member of an archive. Names are raw bytes as latin1 strings. */
export interface TarHeader {
  /** As on the target, without a slash at either end; '' is the root of the archive. */
  readonly path: string;
  readonly kind: 'file' | 'hardlink' | 'symlink' | 'dir' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Names of the owners, which go before their numbers where the target knows them; raw. */
  readonly user?: string;
  readonly group?: string;
  /** Bytes of content that follow; 0 but for files. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** What a link leads to, or the path that a hard link is another name of; else ''. */
  readonly link: string;
  /** Extended attributes: raw values by name. */
  readonly xattrs?: ReadonlyMap<string, string>;
}

/** What one header block says. */
export type RawHeader = TarHeader | Announcement;

/** What follows is for the next member: its records, or a name that its header has no room for. */
export interface Announcement {
  readonly kind: 'pax' | 'longname' | 'longlink';
  readonly size: number;
}

const TYPES = { file: '0', hardlink: '1', symlink: '2', dir: '5', fifo: '6', pax: 'x' } as const;
/** With what goes before a member instead, for those who know no pax records. */
const ALL_TYPES = { ...TYPES, longname: 'L', longlink: 'K' } as const;
const PAX_PATH = '././@PaxHeader';
const GNU_PATH = '././@LongLink';
const XATTR = 'SCHILY.xattr.';

/** The highest number that a field may have in binary: one that is exact. */
const HIGHEST = BigInt(Number.MAX_SAFE_INTEGER);

/** Where each field stands, and how long it is. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  link: [157, 100],
  magic: [257, 8],
  user: [265, 32],
  group: [297, 32],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;
type Field = (typeof FIELD)[keyof typeof FIELD];

/** Makes the blocks that go before a member's content: one, or three and more where pax records are needed. */
export function encodeHeader(header: TarHeader): Buffer {
  const path = memberName(header);
  const records = paxRecords(header, path);
  const main = block({ ...header, path });
  if (records.length === 0) return main;
  const announced = block({
    ...header,
    path: PAX_PATH,
    kind: 'pax',
    mode: 0o644,
    size: records.length,
    link: '',
  });
  return Buffer.concat([announced, records, Buffer.alloc(padding(records.length)), main]);
}

/**
 * Makes the blocks that go before a member's content in the form of GNU tar, which dpkg reads: long names have blocks of
 * their own, large numbers are binary. Extended attributes have no place in it.
 */
export function encodeGnuHeader(header: TarHeader): Buffer {
  const path = memberName(header);
  const texts = [['longlink', header.link] as const, ['longname', path] as const];
  const before = texts
    .filter(([, value]) => value.length > FIELD.name[1])
    .flatMap(([kind, value]) => {
      const bytes = Buffer.from(`${value}\0`, 'latin1');
      const own = { ...header, path: GNU_PATH, kind, mode: 0, uid: 0, gid: 0, mtime: 0, link: '' };
      return [block({ ...own, size: bytes.length }), bytes, Buffer.alloc(padding(bytes.length))];
    });
  const main = block({ ...header, path });
  for (const name of ['uid', 'gid', 'size', 'mtime'] as const) putBinary(main, FIELD[name], header[name]);
  putChecksum(main);
  return Buffer.concat([...before, main]);
}

/** Reads one block, of either form; undefined for a block of zeros, with which an archive ends. */
export function decodeHeader(bytes: Buffer): RawHeader | undefined {
  if (bytes.every((byte) => byte === 0)) return undefined;
  if (number(bytes, FIELD.checksum) !== checksum(bytes)) throw new Damage('a tar header is damaged');
  const type = text(bytes, FIELD.type);
  const kind = Object.entries(ALL_TYPES).find(([, sign]) => sign === type)?.[0] as
    | keyof typeof ALL_TYPES
    | undefined;
  const prefix = text(bytes, FIELD.prefix);
  const path = (prefix === '' ? '' : `${prefix}/`) + text(bytes, FIELD.name);
  if (kind === undefined) throw new Damage(`it holds a member of tar type "${type}"`);
  const size = number(bytes, FIELD.size);
  if (kind === 'pax' || kind === 'longname' || kind === 'longlink') return { kind, size };
  return {
    path,
    kind,
    mode: number(bytes, FIELD.mode) & 0o7777,
    uid: number(bytes, FIELD.uid),
    gid: number(bytes, FIELD.gid),
    ...(text(bytes, FIELD.user) !== '' && { user: text(bytes, FIELD.user) }),
    ...(text(bytes, FIELD.group) !== '' && { group: text(bytes, FIELD.group) }),
    size: kind === 'file' ? size : 0,
    mtime: number(bytes, FIELD.mtime),
    link: kind === 'hardlink' || kind === 'symlink' ? text(bytes, FIELD.link) : '',
  };
}

/** Puts pax records over what the header itself said. */
function withPaxRecords(header: TarHeader, records: Buffer): TarHeader {
  const found = new Map<string, string>();
  for (let at = 0; at < records.length;) {
    const blank = records.indexOf(32, at);
    const length = Number(records.toString('latin1', at, Math.max(at, blank)));
    const [key, value] = split(records.toString('latin1', blank + 1, at + length - 1));
    if (!(length > 0) || at + length > records.length) throw new Damage('its pax records are damaged');
    found.set(key, value);
    at += length;
  }
  const xattrs = [...found]
    .filter(([key]) => key.startsWith(XATTR))
    .map(([key, value]) => [xattrName(key.slice(XATTR.length)), value] as const);
  return {
    ...header,
    path: found.get('path') ?? header.path,
    link: found.get('linkpath') ?? header.link,
    size: Number(found.get('size') ?? header.size),
    uid: Number(found.get('uid') ?? header.uid),
    gid: Number(found.get('gid') ?? header.gid),
    mtime: Number(found.get('mtime') ?? header.mtime),
    ...(xattrs.length > 0 && { xattrs: new Map(xattrs) }),
  };
}

/** Puts what was announced before a header over what that says. */
export function withAnnounced(
  header: TarHeader,
  announced: ReadonlyMap<Announcement['kind'], Buffer>,
): TarHeader {
  const [records, path, link] = [announced.get('pax'), announced.get('longname'), announced.get('longlink')];
  const named = {
    ...header,
    ...(path && { path: untilNull(path) }),
    ...(link && { link: untilNull(link) }),
  };
  return records === undefined ? named : withPaxRecords(named, records);
}

const untilNull = (bytes: Buffer): string => text(bytes, [0, bytes.length]);

/** How many zeros fill up the last block of a content of this many bytes. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A directory's name ends in a slash; the root's is `./`. */
function memberName(header: TarHeader): string {
  if (header.kind !== 'dir') return header.path;
  return header.path === '' ? './' : `${header.path}/`;
}

function block(header: Omit<TarHeader, 'kind'> & { readonly kind: keyof typeof ALL_TYPES }): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const put = ([start, length]: Field, value: string): number => bytes.write(value, start, length, 'latin1');
  const octal = (field: Field, value: number): number =>
    put(field, (fits(field, value) ? value : 0).toString(8).padStart(field[1] - 1, '0'));
  put(FIELD.name, header.path);
  octal(FIELD.mode, header.mode);
  octal(FIELD.uid, header.uid);
  octal(FIELD.gid, header.gid);
  octal(FIELD.size, header.size);
  octal(FIELD.mtime, header.mtime);
  put(FIELD.type, ALL_TYPES[header.kind]);
  put(FIELD.link, header.link);
  put(FIELD.magic, 'ustar\u000000');
  put(FIELD.user, header.user ?? '');
  put(FIELD.group, header.group ?? '');
  octal(FIELD.major, 0);
  octal(FIELD.minor, 0);
  putChecksum(bytes);
  return bytes;
}

function putChecksum(bytes: Buffer): void {
  const text = `${checksum(bytes).toString(8).padStart(6, '0')}\0 `;
  bytes.write(text, FIELD.checksum[0], FIELD.checksum[1], 'latin1');
}

/** A number that the digits of its field are too few for: big endian, the highest bit of the field set. */
function putBinary(bytes: Buffer, field: Field, value: number): void {
  if (fits(field, value)) return;
  const [start, length] = field;
  bytes.fill(0, start, start + length);
  bytes.writeBigInt64BE(BigInt(value), start + length - 8);
  bytes[start] = (bytes[start] ?? 0) | 0x80;
}

/** The records for what the header's fields are too small for, in the order of their names. */
function paxRecords(header: TarHeader, path: string): Buffer {
  const numbers = (['gid', 'mtime', 'size', 'uid'] as const)
    .filter((name) => !fits(FIELD[name], header[name]))
    .map((name) => [name, String(header[name])] as const);
  const names: (readonly [string, string])[] = [];
  if (header.link.length > FIELD.link[1]) names.push(['linkpath', header.link]);
  if (path.length > FIELD.name[1]) names.push(['path', path]);
  const odd = names.some(([, value]) => !isUtf8(Buffer.from(value, 'latin1')));
  const charset = odd ? [['hdrcharset', 'BINARY'] as const] : [];
  const xattrs = [...(header.xattrs ?? [])].map(([name, value]) => [xattrKey(name), value] as const);
  const records = [...charset, ...[...xattrs, ...numbers, ...names].sort(([a], [b]) => (a < b ? -1 : 1))];
  return Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(''), 'latin1');
}

/** As GNU tar does: a key ends at its first `=`. */
function xattrKey(name: string): string {
  return XATTR + name.replaceAll('%', '%25').replaceAll('=', '%3D');
}

function xattrName(key: string): string {
  return key.replaceAll('%3D', '=').replaceAll('%25', '%');
}

/** A record begins with its own length, the digits of that number included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return `${length}${rest}`;
}

function fits([, length]: Field, value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 8 ** (length - 1);
}

/** The sum of all bytes, those of the checksum itself read as blanks. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  const [start, length] = FIELD.checksum;
  for (const byte of bytes.subarray(start, start + length)) sum += 32 - byte;
  return sum;
}

function text(bytes: Buffer, [start, length]: readonly [number, number]): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString('latin1', start, end === -1 ? start + length : Math.min(end, start + length));
}

function number(bytes: Buffer, field: Field): number {
  const [start, length] = field;
  if (((bytes[start] ?? 0) & 0x80) !== 0) return Number(bytes.readBigInt64BE(start + length - 8) & HIGHEST);
  const digits = text(bytes, field).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Damage('a tar header is damaged');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function split(record: string): readonly [string, string] {
  const equals = record.indexOf('=');
  return [record.slice(0, Math.max(equals, 0)), record.slice(equals + 1)];
}
