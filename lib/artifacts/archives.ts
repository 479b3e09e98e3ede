import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Archive } from './ac-entry.ts';
import { Damage } from './damage.ts';
import { gzipTo } from './gzip-members.ts';
import type { Read } from './read-tar.ts';
import { archivePath } from './store-paths.ts';
import { type AsideFile, errorCode, type StorePlace, whileAside, withAside } from './write-aside.ts';

/** `cas`: archives by the SHA-256 of the file. */
export interface Archives {
  /** Where the file is, or would be. */
  path(archive: Pick<Archive, 'sha256'>): string;
  /** Why the file cannot be the archive, as far as that shows without reading it; undefined: it can. */
  whyNot(archive: Archive): string | undefined;
  /** Compresses what `fill` writes, and keeps it under the SHA-256 of the file. */
  write(fill: (sink: (bytes: Uint8Array) => void) => void): Archive;
  /** Keeps the bytes of a file as the archive; a {@link Damage} where they are others. */
  take(archive: Archive, file: string): void;
  /** Keeps as the archive what `fill` hands over, which answers whether there was anything; a {@link Damage} as for `take`. */
  receive(archive: Archive, fill: (sink: (bytes: Uint8Array) => void) => Promise<boolean>): Promise<boolean>;
  /** Lends what reads the file; a {@link Damage} where it is not to be had. */
  read<T>(archive: Archive, use: (read: Read) => T): T;
  /** The bytes of the file as it is, piece by piece. */
  bytes(archive: Archive): Iterable<Uint8Array>;
  /** Takes the file away if its bytes are not those that it is named by; whether it did. */
  discard(archive: Pick<Archive, 'sha256'>): boolean;
  remove(archive: Pick<Archive, 'sha256'>): void;
  /** Says that somebody has a use for it (`now` in milliseconds since the epoch); false: it is not there any more. */
  markUsed(archive: Pick<Archive, 'sha256'>, now: number): boolean;
}

/** Opens the archives of a store; nothing is made before there is something to keep. */
export function openArchives(place: StorePlace): Archives {
  const path = (archive: Pick<Archive, 'sha256'>): string => join(place.dir, archivePath(archive));
  return {
    path,
    whyNot: (archive) => whyNot(place, path(archive), archive),
    write: (fill) =>
      withAside(place, (file) => {
        const archive = compress(file, fill);
        // Not "if absent": what stands there may be damaged, and the same name means the same bytes.
        file.replace(path(archive));
        return archive;
      }),
    take: (archive, from) =>
      withAside(place, (file) => {
        const taking = expecting(archive, (bytes) => file.write(bytes));
        copy(readerOf(place, from), taking.sink);
        taking.end();
        file.replace(path(archive));
      }),
    receive: (archive, fill) =>
      whileAside(place, async (file) => {
        const taking = expecting(archive, (bytes) => file.write(bytes));
        if (!(await fill(taking.sink))) return false;
        taking.end();
        file.replace(path(archive));
        return true;
      }),
    read: (archive, use) => {
      const why = whyNot(place, path(archive), archive);
      if (why !== undefined) throw new Damage(why);
      return readerOf(place, path(archive))(use);
    },
    bytes: (archive) => pieces(place, path(archive)),
    discard: (archive) => {
      if (hashOf(place, path(archive)) === archive.sha256) return false;
      place.fs.rmSync(path(archive), { recursive: true, force: true });
      return true;
    },
    remove: (archive) => place.fs.rmSync(path(archive), { force: true }),
    markUsed: (archive, now) => {
      try {
        place.fs.utimesSync(path(archive), now / 1000, now / 1000);
        return true;
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        // In a store of others it is theirs to know.
        return errorCode(error) !== 'ENOENT';
      }
    },
  };
}

function whyNot({ fs }: StorePlace, path: string, archive: Archive): string | undefined {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `its archive ${archive.sha256.slice(0, 12)} is missing`;
  if (!found.isFile()) return 'its archive is no file';
  return found.size === archive.size
    ? undefined
    : `its archive has ${found.size} bytes instead of ${archive.size}`;
}

type Lend = <T>(use: (read: Read) => T) => T;

/** What reads a file. That it is gone by now, or that the disk gives it back no more, is a damage. */
function readerOf({ fs }: StorePlace, path: string): Lend {
  const orDamage = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      throw new Damage(`it cannot be read: ${(error as Error).message}`);
    }
  };
  return (use) => {
    const fd = orDamage(() => fs.openSync(path, 'r'));
    try {
      return use((buffer) => orDamage(() => fs.readSync(fd, buffer, 0, buffer.length, null)));
    } finally {
      fs.closeSync(fd);
    }
  };
}

function* pieces({ fs }: StorePlace, path: string): Generator<Uint8Array> {
  const fd = fs.openSync(path, 'r');
  try {
    for (;;) {
      const buffer = Buffer.alloc(1 << 20);
      const count = fs.readSync(fd, buffer, 0, buffer.length, null);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    fs.closeSync(fd);
  }
}

function compress(file: AsideFile, fill: (sink: (bytes: Uint8Array) => void) => void): Archive {
  const hash = createHash('sha256');
  let size = 0;
  const gzip = gzipTo((member) => {
    hash.update(member);
    size += member.length;
    file.write(member);
  });
  fill((bytes) => gzip.write(bytes));
  gzip.end();
  return { sha256: hash.digest('hex'), size, compression: 'gzip' };
}

/** Passes on bytes that are promised to be those of an archive; a {@link Damage} as soon as they cannot be. */
export function expecting(
  archive: Archive,
  pass: (bytes: Uint8Array) => void,
): { sink(bytes: Uint8Array): void; end(): void } {
  const hash = createHash('sha256');
  let size = 0;
  const isOther = new Damage('it does not have the SHA-256 that is promised of it');
  return {
    sink(bytes) {
      hash.update(bytes);
      size += bytes.length;
      if (size > archive.size) throw isOther;
      pass(bytes);
    },
    end() {
      if (hash.digest('hex') !== archive.sha256) throw isOther;
      if (size !== archive.size) throw new Damage(`it has ${size} bytes instead of ${archive.size}`);
    },
  };
}

/** Reads to the end. */
function copy(lend: Lend, sink: (bytes: Uint8Array) => void): void {
  lend((read) => {
    const buffer = Buffer.alloc(1 << 20);
    for (let count = read(buffer); count > 0; count = read(buffer)) sink(buffer.subarray(0, count));
  });
}

function hashOf(place: StorePlace, path: string): string | undefined {
  const hash = createHash('sha256');
  try {
    copy(readerOf(place, path), (bytes) => hash.update(bytes));
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof Damage) return undefined;
    throw error;
  }
}
