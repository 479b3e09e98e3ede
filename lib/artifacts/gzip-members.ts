/**
 * Gzip in members of 1 MiB each, written and read piece by piece without waiting (a plain stream of
 * node:zlib cannot do that). Each member tells its own length in an extra field, as BGZF does; any
 * gunzip reads the whole.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { Damage } from './damage.ts';
import { inPieces, type PieceWriter } from './in-pieces.ts';
import type { Read } from './read-tar.ts';

/** Bytes of content in a member; part of what makes the file the same each time. */
const PIECE = 1 << 20;
/** Twice as fast as gzip's usual 6, and a tenth larger. */
const FAST = 1;
/** Plain gzip header, and the flag in it that an extra field follows. */
const PLAIN_HEADER = 10;
const EXTRA_FLAG = 4;
/** Length of all extra fields; ours: `va`, its length, the member's length. */
const EXTRA = Buffer.from([8, 0, 0x76, 0x61, 4, 0, 0, 0, 0, 0]);
const HEADER = PLAIN_HEADER + EXTRA.length;
/** What does not compress may grow a little. */
const LONGEST_MEMBER = PIECE + (1 << 16);

/** Compresses what is written and passes it on, a member at a time. `level` is gzip's. */
export function gzipTo(sink: (member: Buffer) => void, level = FAST): PieceWriter {
  let members = 0;
  const put = (content: Buffer): void => {
    sink(gzipMember(content, level));
    members += 1;
  };
  const pieces = inPieces(PIECE, put);
  return {
    write: (bytes) => pieces.write(bytes),
    end() {
      pieces.end();
      if (members === 0) put(Buffer.alloc(0));
    },
  };
}

/** Reads what {@link gzipTo} wrote; anything else is a {@link Damage}. */
export function gunzipFrom(read: Read): Read {
  let piece: Buffer | undefined = Buffer.alloc(0);
  return (buffer) => {
    while (piece?.length === 0) piece = nextPiece(read);
    if (piece === undefined) return 0;
    const count = piece.copy(buffer);
    piece = piece.subarray(count);
    return count;
  };
}

function gzipMember(content: Buffer, level: number): Buffer {
  const plain = gzipSync(content, { level });
  const member = Buffer.concat([plain.subarray(0, PLAIN_HEADER), EXTRA, plain.subarray(PLAIN_HEADER)]);
  member[3] = EXTRA_FLAG;
  member.writeUInt32LE(member.length, HEADER - 4);
  return member;
}

function nextPiece(read: Read): Buffer | undefined {
  const header = fill(read, HEADER);
  if (header.length === 0) return undefined;
  const marks = header.subarray(PLAIN_HEADER, HEADER - 4);
  const ours = header[3] === EXTRA_FLAG && marks.equals(EXTRA.subarray(0, EXTRA.length - 4));
  const length = header.length === HEADER && ours ? header.readUInt32LE(HEADER - 4) : 0;
  if (length <= HEADER || length > LONGEST_MEMBER) throw notOurs();
  const rest = fill(read, length - HEADER);
  if (rest.length < length - HEADER) throw new Damage('it is cut short');
  try {
    return gunzipSync(Buffer.concat([header, rest]), { maxOutputLength: PIECE });
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw notOurs();
    throw error;
  }
}

/** So many bytes, or fewer at the end. */
function fill(read: Read, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = read(bytes.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function notOurs(): Damage {
  return new Damage('its compressed data is damaged');
}
