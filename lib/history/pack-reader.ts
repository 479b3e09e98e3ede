import { basename } from 'node:path';
import { createHash } from 'node:crypto';
import type { BlobContent, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { applyDelta, deltaResultSize } from './apply-delta.ts';
import { Damage } from './damage.ts';
import { isHasty, isStored } from './deflated-pieces.ts';
import { checkIndex, findInIndex } from './pack-index.ts';
import { inflateStream } from './inflate-stream.ts';
import { inflatedBytes, inflatedPieces } from './inflated-pieces.ts';
import { inflatePieces, isPiecewise, type ReadAt } from './piecewise-stream.ts';

/** An object's type and content. */
export interface RawObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

/** One pack and its index, as varve or git wrote them. */
export interface Pack {
  /** Where the object starts; undefined where the pack has it not. */
  find(oid: ObjectId): number | undefined;
  read(offset: number): RawObject;
  /** The content of a large blob, which must have this id; undefined for any other object, and for what git made a delta of. */
  large(offset: number, oid: ObjectId): BlobContent | undefined;
  /** The content of a blob of any size, which must have this id; undefined as with `large`. */
  content(offset: number, oid: ObjectId): BlobContent | undefined;
  /** Type and size, without inflating a whole object that is no delta. */
  describe(offset: number): { readonly type: ObjectType; readonly size: number };
  /** Whether the object was compressed fast rather than well, as while somebody waited. */
  isHasty(offset: number): boolean;
  /** Whether it was not compressed at all, though it could be. */
  isStored(offset: number): boolean;
}

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFS_DELTA = 6;
const REF_DELTA = 7;
/** Read at once: small objects lie close together, so one read serves many. */
const WINDOW = 4 * 1024;
/** Read at once at most by who reads on where the last window ended, each time twice as much. */
const AHEAD = 1 << 20;

/** Who leaps oftener than that, as a question about a thousand builds does, leaps on: then larger pieces are kept, up to 4 MiB. */
const FEW_LEAPS = 128;
const PIECE = 64 * 1024;
const PIECES = 64;

/** Of no more bytes, what takes time is to hand them over piece by piece. */
const AT_ONCE = 4 * 1024;
/** Smaller blobs are read whole; but those that git compressed, which takes longer piece by piece, up to {@link HUGE}. */
const LARGE = 16 << 20;
/** What varve records piece by piece is larger. */
export const HUGE = 64 << 20;

/** Opens a pack; `resolve` finds the base of a delta that names one by id. No file stays open. */
export function openPack(fs: FileSystem, path: string, resolve: (oid: ObjectId) => RawObject): Pack {
  let known: Buffer | undefined;
  const index = (): Buffer => {
    known ??= readIndex(fs, `${path}.idx`);
    return known;
  };
  const bytes = windowOn(fs, `${path}.pack`);

  const baseOf = (base: Base, offset: number): RawObject =>
    base.kind === 'offset' ? read(offset - base.distance) : resolve(base.oid);
  const inPiecesBy = (header: Header): typeof inflatePieces | undefined => {
    if (header.base !== undefined || header.type !== 'blob' || header.size < LARGE) return undefined;
    if (isPiecewise(bytes, header.data)) return inflatePieces;
    return header.size < HUGE ? undefined : inflateStream;
  };
  const piecesOf = (header: Header): Iterable<Buffer> => {
    const inPieces = inPiecesBy(header);
    if (inPieces === undefined) return inflated(bytes, header);
    const { data, size } = header;
    return reading(fs, `${path}.pack`, (readAt) => inPieces(readAt, { start: data, size }));
  };
  function read(offset: number): RawObject {
    const header = readHeader(bytes, offset);
    const body =
      header.size <= AT_ONCE ? inflatedAtOnce(bytes, header) : gathered(header.size, piecesOf(header));
    if (header.base === undefined) return { type: header.type, body };
    const base = baseOf(header.base, offset);
    return { type: base.type, body: applyDelta(base.body, body) };
  }
  const contentOf = (header: Header, oid: ObjectId): BlobContent => ({
    size: header.size,
    pieces: () => proven(oid, header.size, piecesOf(header)),
  });
  const streamStart = (offset: number): Buffer => bytes(readHeader(bytes, offset).data, 2);
  return {
    find: (oid) => findInIndex(index(), oid),
    read,
    large: (offset, oid) => {
      const header = readHeader(bytes, offset);
      return inPiecesBy(header) && contentOf(header, oid);
    },
    content: (offset, oid) => {
      const header = readHeader(bytes, offset);
      return header.base === undefined && header.type === 'blob' ? contentOf(header, oid) : undefined;
    },
    describe: (offset) => {
      const header = readHeader(bytes, offset);
      if (header.base === undefined) return { type: header.type, size: header.size };
      const delta = gathered(header.size, inflated(bytes, header));
      return { type: baseOf(header.base, offset).type, size: deltaResultSize(delta) };
    },
    isHasty: (offset) => isHasty(streamStart(offset)),
    isStored: (offset) => isStored(streamStart(offset)),
  };
}

function readIndex(fs: FileSystem, path: string): Buffer {
  const index = fs.readFileSync(path);
  checkIndex(index, basename(path));
  return index;
}

/** What a delta builds on. */
type Base =
  | { readonly kind: 'offset'; readonly distance: number }
  | { readonly kind: 'id'; readonly oid: ObjectId };

type Header = { readonly size: number; readonly data: number } & (
  | { readonly type: ObjectType; readonly base?: undefined }
  | { readonly base: Base }
);

type Window = (start: number, length: number) => Buffer;

function windowOn(fs: FileSystem, path: string): Window {
  let held: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  let leaps = 0;
  const pieces = piecesOn(fs, path);
  return (start, length) => {
    const heldEnd = held.start + held.bytes.length;
    const isHeld = start >= held.start && start + length <= heldEnd;
    const goesOn = start >= held.start && start <= heldEnd;
    if (!isHeld && !goesOn) leaps += 1;
    if (!isHeld && !goesOn && leaps > FEW_LEAPS && length <= PIECE) return pieces(start, length);
    if (!isHeld) {
      const ahead = Math.max(length, goesOn ? Math.min(2 * held.bytes.length, AHEAD) : WINDOW);
      held = { start, bytes: readPart(fs, path, { start, length: ahead }) };
    }
    return held.bytes.subarray(start - held.start, start - held.start + length);
  };
}

/** For who leaps to and fro in a pack: pieces that were read are kept, the newest of them. */
function piecesOn(fs: FileSystem, path: string): Window {
  const kept = new Map<number, Buffer>();
  const piece = (at: number): Buffer => {
    const found = kept.get(at) ?? readPart(fs, path, { start: at * PIECE, length: PIECE });
    const [oldest] = kept.keys();
    if (kept.size >= PIECES && oldest !== undefined && !kept.has(at)) kept.delete(oldest);
    kept.set(at, found);
    return found;
  };
  return (start, length) => {
    const at = Math.floor(start / PIECE);
    const from = start - at * PIECE;
    const first = piece(at).subarray(from, from + length);
    if (first.length === length || from + length <= PIECE) return first;
    return Buffer.concat([first, piece(at + 1).subarray(0, length - first.length)]);
  };
}

interface Part {
  readonly start: number;
  readonly length: number;
}

/** Reads a part of a file, less where the file ends. */
export function readPart(fs: FileSystem, path: string, part: Part): Buffer {
  const fd = fs.openSync(path, 'r');
  try {
    return readFrom(fs, fd, part);
  } finally {
    fs.closeSync(fd);
  }
}

function readFrom(fs: FileSystem, fd: number, part: Part): Buffer {
  const bytes = Buffer.allocUnsafe(part.length);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < part.length; filled += read) {
    read = fs.readSync(fd, bytes, filled, part.length - filled, part.start + filled);
  }
  return bytes.subarray(0, filled);
}

/** Reads a file that may lose its name meanwhile. */
export function* reading(
  fs: FileSystem,
  path: string,
  read: (readAt: ReadAt) => Iterable<Buffer>,
): Generator<Buffer> {
  const fd = fs.openSync(path, 'r');
  try {
    yield* read((start, length) => readFrom(fs, fd, { start, length }));
  } finally {
    fs.closeSync(fd);
  }
}

/** Throws at the end where the content of a blob is not what its name says. */
export function* proven(oid: ObjectId, size: number, pieces: Iterable<Buffer>): Generator<Buffer> {
  const sha1 = createHash('sha1').update(`blob ${size}\0`, 'latin1');
  for (const piece of pieces) {
    sha1.update(piece);
    yield piece;
  }
  if (sha1.digest('hex') !== oid) throw new Damage('its content is another one');
}

/** Puts pieces together that must be so many bytes. */
export function gathered(size: number, pieces: Iterable<Uint8Array>): Buffer {
  const body = Buffer.allocUnsafe(size);
  let filled = 0;
  for (const piece of pieces) {
    body.set(piece, filled);
    filled += piece.length;
  }
  return body;
}

function readHeader(window: Window, offset: number): Header {
  const bytes = window(offset, 48);
  let at = 0;
  const next = (): number => bytes[at++] ?? 0;
  let byte = next();
  const code = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
  }
  const type = TYPES[code];
  if (type !== undefined) return { type, size, data: offset + at };
  if (code === REF_DELTA) {
    const oid = bytes.toString('hex', at, at + 20) as ObjectId;
    return { base: { kind: 'id', oid }, size, data: offset + at + 20 };
  }
  if (code !== OFS_DELTA) throw new Damage(`a pack holds an object of type ${code}`);
  byte = next();
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    byte = next();
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { base: { kind: 'offset', distance }, size, data: offset + at };
}

function inflated(window: Window, header: Header): Iterable<Buffer> {
  return header.size === 0 ? [] : inflatedPieces(streamOf(window, header), header.size);
}

function inflatedAtOnce(window: Window, header: Header): Buffer {
  return header.size === 0 ? Buffer.alloc(0) : inflatedBytes(streamOf(window, header), header.size);
}

/** The compressed length is not written down: this is what deflate can need at most, with room to spare. */
function streamOf(window: Window, { data, size }: Header): Buffer {
  return window(data, size + (size >> 9) + 256);
}
