import { Damage } from './damage.ts';
import {
  type Announcement,
  BLOCK,
  decodeHeader,
  padding,
  type RawHeader,
  type TarHeader,
  withAnnounced,
} from './tar-header.ts';

/** Fills the buffer from its start with what comes next; answers how many bytes (0: the end). */
export type Read = (buffer: Buffer) => number;

/** Records longer than this are not ours: the kernel takes no more than 64 KiB of names of attributes, or of one value. */
const LONGEST_RECORDS = 1 << 24;

const PIECE = 1 << 16;

/**
 * Reads an archive to its end, member by member. Knows what {@link writeTar} and
 * {@link writeDeb} write and nothing more; everything else is a {@link Damage}.
 *
 * @param visit is called for each member with what reads its content; what it leaves is passed over
 */
export function readTar(read: Read, visit: (header: TarHeader, content: Read) => void): void {
  const spare = Buffer.alloc(1 << 16);
  for (let header = nextHeader(read); header !== undefined; header = nextHeader(read)) {
    let left = header.size;
    const content: Read = (buffer) => {
      const count = left === 0 ? 0 : read(buffer.subarray(0, Math.min(left, buffer.length)));
      if (count === 0 && left > 0 && buffer.length > 0) throw cutShort();
      left -= count;
      return count;
    };
    visit(header, content);
    while (content(spare) > 0);
    readWhole(read, padding(header.size));
  }
  while (read(spare) > 0);
}

/** Hands on all that is left to read. */
export function passOn(read: Read, sink: (bytes: Uint8Array) => void): void {
  const buffer = Buffer.alloc(PIECE);
  for (let count = read(buffer); count > 0; count = read(buffer)) sink(buffer.subarray(0, count));
}

/** The next member, with what was announced for it. */
function nextHeader(read: Read): TarHeader | undefined {
  const announced = new Map<Announcement['kind'], Buffer>();
  for (;;) {
    const raw = rawHeader(read);
    if (raw !== undefined && !isAnnouncement(raw)) return withPlainPath(withAnnounced(raw, announced));
    if (raw === undefined && announced.size === 0) return undefined;
    if (raw === undefined || announced.has(raw.kind)) throw new Damage('its pax records stand alone');
    if (raw.size > LONGEST_RECORDS) throw new Damage('its pax records are damaged');
    announced.set(raw.kind, readWhole(read, raw.size));
    readWhole(read, padding(raw.size));
  }
}

function isAnnouncement(raw: RawHeader): raw is Announcement {
  return raw.kind === 'pax' || raw.kind === 'longname' || raw.kind === 'longlink';
}

/** A directory's name ends in a slash; the root's is `./`. */
function withPlainPath(header: TarHeader): TarHeader {
  if (header.kind !== 'dir' || !header.path.endsWith('/')) return header;
  return { ...header, path: header.path === './' ? '' : header.path.slice(0, -1) };
}

function rawHeader(read: Read): RawHeader | undefined {
  return decodeHeader(readWhole(read, BLOCK));
}

/** Reads exactly so many bytes; a Damage where there are fewer. */
export function readWhole(read: Read, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length;) {
    const count = read(bytes.subarray(filled));
    if (count === 0) throw cutShort();
    filled += count;
  }
  return bytes;
}

function cutShort(): Damage {
  return new Damage('it is cut short');
}
