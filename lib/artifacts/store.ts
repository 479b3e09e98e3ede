import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type Signature } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { type AcEntry, type Archive, formatAcEntry, parseAcEntry } from './ac-entry.ts';
import { Damage } from './damage.ts';
import { gzipTo } from './gzip-members.ts';
import type { Read } from './read-tar.ts';
import { type AsideFile, openAside } from './write-aside.ts';

/** What the store knows of a signature. Damaged: it counts as unknown, and is to be said. */
export type Lookup =
  | { readonly kind: 'found'; readonly entry: AcEntry }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly why: string };

/** The entry in force, and whether it is the one that was given or an earlier one. */
export interface Published {
  readonly kind: 'created' | 'existing';
  readonly entry: AcEntry;
}

export interface StoreListing {
  /** By recipe, then by task, then by signature. */
  readonly entries: readonly AcEntry[];
  readonly damaged: readonly { readonly signature: string; readonly why: string }[];
}

/** The directory ARTIFACT_DIR: `ac` tells what work produced, `cas` holds it. */
export interface ArtifactStore {
  lookup(signature: Signature): Lookup;
  /** The first writer wins: an entry that stands and whose archive is there is not overwritten but by `force`. */
  publish(entry: AcEntry, options?: { readonly force?: boolean }): Published;
  list(): StoreListing;
  /** Whether the archive's file is there and as long as it should be; its content is not read. */
  has(archive: Archive): boolean;
  /** Where the archive's file is, or would be. */
  archivePath(archive: Pick<Archive, 'sha256'>): string;
  /** Compresses what `fill` writes, and keeps it under the SHA-256 of the file. */
  writeArchive(fill: (sink: (bytes: Uint8Array) => void) => void): Archive;
  /** Lends what reads the archive's file; a {@link Damage} where it is not to be had. */
  readArchive<T>(archive: Archive, use: (read: Read) => T): T;
  /**
   * Takes what turned out to be damaged out of the way, so that it can be made anew: the archive where
   * its bytes are not those it is named by, else the entry that promises something else of them.
   */
  discard(entry: AcEntry, why: string): void;
}

/** Opens the store; nothing is written before there is something to keep. */
export function openStore(options: { readonly fs: FileSystem; readonly dir: string }): ArtifactStore {
  // Where an entry cannot be removed (a store that others own), it must at least not be found again.
  const store: Store = { ...options, refused: new Map() };
  return {
    lookup: (signature) => lookup(store, signature),
    publish: (entry, { force = false } = {}) => publish(store, entry, force),
    list: () => list(store),
    has: (archive) => whyNotThere(store, archive) === undefined,
    archivePath: ({ sha256 }) => archivePath(store, sha256),
    writeArchive: (fill) => withAside(store, (file) => writeArchive(store, file, fill)),
    readArchive: (archive, use) => readArchive(store, archive, use),
    discard: (entry, why) => discard(store, entry, why),
  };
}

interface Store {
  readonly fs: FileSystem;
  readonly dir: string;
  readonly refused: Map<string, string>;
}

const entryPath = (store: Store, signature: string): string =>
  join(store.dir, 'ac', signature.slice(0, 2), signature);
const archivePath = (store: Store, sha256: string): string =>
  join(store.dir, 'cas', sha256.slice(0, 2), sha256);

function lookup(store: Store, signature: string): Lookup {
  const refused = store.refused.get(signature);
  if (refused !== undefined) return { kind: 'damaged', why: refused };
  const text = readIfThere(store, entryPath(store, signature));
  if (text === undefined) return { kind: 'missing' };
  const entry = text === notAFile ? 'it is no file' : parseAcEntry(text, signature);
  if (typeof entry === 'string') return { kind: 'damaged', why: entry };
  const why = whyNotThere(store, entry.archive);
  return why === undefined ? { kind: 'found', entry } : { kind: 'damaged', why };
}

function publish(store: Store, entry: AcEntry, force: boolean): Published {
  const path = entryPath(store, entry.signature);
  return withAside(store, (file) => {
    file.write(Buffer.from(formatAcEntry(entry)));
    if (!force && file.create(path)) return published(store, 'created', entry);
    const standing = force ? undefined : lookup(store, entry.signature);
    if (standing?.kind === 'found') return published(store, 'existing', standing.entry);
    file.replace(path);
    return published(store, 'created', entry);
  });
}

function published(store: Store, kind: Published['kind'], entry: AcEntry): Published {
  store.refused.delete(entry.signature);
  return { kind, entry };
}

function list(store: Store): StoreListing {
  const found = signatures(store).map((signature) => ({ signature, ...lookup(store, signature) }));
  const place = (entry: AcEntry): string => [entry.recipe, entry.task, entry.signature].join('\0');
  return {
    entries: found
      .flatMap((each) => (each.kind === 'found' ? [each.entry] : []))
      .sort((a, b) => byCodeUnit(place(a), place(b))),
    damaged: found.flatMap(({ signature, ...each }) =>
      each.kind === 'damaged' ? [{ signature, why: each.why }] : [],
    ),
  };
}

function signatures(store: Store): readonly string[] {
  const names = (dir: string): readonly string[] =>
    store.fs.existsSync(dir) ? store.fs.readdirSync(dir).map(String).sort(byCodeUnit) : [];
  const ac = join(store.dir, 'ac');
  return names(ac)
    .flatMap((prefix) => names(join(ac, prefix)))
    .filter((name) => /^[0-9a-f]{64}$/.test(name));
}

function writeArchive(
  store: Store,
  file: AsideFile,
  fill: (sink: (bytes: Uint8Array) => void) => void,
): Archive {
  const hash = createHash('sha256');
  let size = 0;
  const gzip = gzipTo((member) => {
    hash.update(member);
    size += member.length;
    file.write(member);
  });
  fill((bytes) => gzip.write(bytes));
  gzip.end();
  const archive: Archive = { sha256: hash.digest('hex'), size, compression: 'gzip' };
  // Not "if absent": what stands there may be damaged, and the same name means the same bytes.
  file.replace(archivePath(store, archive.sha256));
  return archive;
}

function readArchive<T>(store: Store, archive: Archive, use: (read: Read) => T): T {
  const why = whyNotThere(store, archive);
  if (why !== undefined) throw new Damage(why);
  const fd = store.fs.openSync(archivePath(store, archive.sha256), 'r');
  try {
    return use((buffer) => store.fs.readSync(fd, buffer, 0, buffer.length, null));
  } finally {
    store.fs.closeSync(fd);
  }
}

function discard(store: Store, entry: AcEntry, why: string): void {
  store.refused.set(entry.signature, why);
  const { sha256 } = entry.archive;
  try {
    const lies = hashOfFile(store, archivePath(store, sha256)) === sha256;
    store.fs.rmSync(lies ? entryPath(store, entry.signature) : archivePath(store, sha256), { force: true });
  } catch (error) {
    // It may be another's store, or on a disk that no longer reads; that it is refused must do.
    if (errorCode(error) === undefined) throw error;
  }
}

function hashOfFile(store: Store, path: string): string | undefined {
  if (!store.fs.existsSync(path)) return undefined;
  const fd = store.fs.openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(1 << 20);
    for (let count = -1; count !== 0;) {
      count = store.fs.readSync(fd, buffer, 0, buffer.length, null);
      hash.update(buffer.subarray(0, count));
    }
    return hash.digest('hex');
  } finally {
    store.fs.closeSync(fd);
  }
}

function whyNotThere(store: Store, archive: Archive): string | undefined {
  const found = store.fs.statSync(archivePath(store, archive.sha256), { throwIfNoEntry: false });
  if (found === undefined) return `its archive ${archive.sha256.slice(0, 12)} is missing`;
  if (!found.isFile()) return 'its archive is no file';
  return found.size === archive.size
    ? undefined
    : `its archive has ${found.size} bytes instead of ${archive.size}`;
}

const notAFile = Symbol('no file');

function readIfThere(store: Store, path: string): string | typeof notAFile | undefined {
  try {
    return store.fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (errorCode(error) === 'EISDIR') return notAFile;
    throw error;
  }
}

function withAside<T>(store: Store, work: (file: AsideFile) => T): T {
  let file: AsideFile | undefined;
  try {
    file = openAside(store.fs, join(store.dir, 'aside'));
    return work(file);
  } catch (error) {
    throw isSystemError(error) ? unwritable(store, error) : error;
  } finally {
    file?.drop();
  }
}

function unwritable(store: Store, cause: unknown): VarveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new VarveError('usage', `the artifact store ${store.dir} cannot be written: ${why}`, {
    hints: ['Make it writable, or set ARTIFACT_DIR in conf/local.conf to a directory that is.'],
    cause,
  });
}

/** The code of a file system's error; undefined for any other. */
function errorCode(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

/** What a system call was answered with; zlib's errors have a code too. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && /^E(?!RR_)[A-Z0-9]+$/.test(String(error.code));
}
