import { join } from 'node:path';
import { byCodeUnit, type Signature } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { createTrust, type Trust } from '../trust/trust.ts';
import { type AcEntry, formatAcEntry, parseAcEntry } from './ac-entry.ts';
import { type Archives, openArchives } from './archives.ts';
import { entriesPath, entryPath } from './store-paths.ts';
import { whyRefused } from './why-refused.ts';
import { errorCode, type StorePlace, withAside } from './write-aside.ts';

/** What the store knows of a signature. Damaged or refused: it counts as unknown, and is to be said. */
export type Lookup =
  | { readonly kind: 'found'; readonly entry: AcEntry }
  | { readonly kind: 'missing' }
  | DamagedEntry
  | RefusedEntry;

/** Whole, and yet it does not count: nobody who is trusted vouches for it, or it was revoked. */
export interface RefusedEntry {
  readonly kind: 'refused';
  /** After "it". */
  readonly why: string;
  readonly entry: AcEntry;
}

export interface DamagedEntry {
  readonly kind: 'damaged';
  readonly why: string;
  /** Where it can be read, and its archive is what is wrong. */
  readonly entry?: AcEntry;
}

/** The entry in force, and whether it is the one that was given or an earlier one. */
export interface Published {
  /** `apart`: one stands that does not count here, and neither would this one; it is left alone. */
  readonly kind: 'created' | 'existing' | 'apart';
  readonly entry: AcEntry;
}

export interface StoreListing {
  /** By recipe, then by task, then by signature. */
  readonly entries: readonly AcEntry[];
  /** Their archive is gone: no damage, but a miss until one is made anew. By signature. */
  readonly bereft: readonly AcEntry[];
  /** By signature. */
  readonly damaged: readonly (Omit<DamagedEntry, 'kind'> & { readonly signature: Signature })[];
  /** By signature. */
  readonly refused: readonly Omit<RefusedEntry, 'kind'>[];
}

export interface PublishOptions {
  /** Takes the place of what stands. */
  readonly force?: boolean;
  /** What the result was made from: see {@link Trust}. */
  readonly inputs?: readonly Input[] | undefined;
}

/** An entry, or what stands in its place and names no archive. */
type Discarded = Pick<AcEntry, 'signature'> & Partial<Pick<AcEntry, 'archive'>>;

/** The directory ARTIFACT_DIR: `ac` tells what work produced, `cas` holds it. */
export interface ArtifactStore {
  readonly archives: Archives;
  /** The file of `ac` that tells of a signature. */
  entryPath(signature: string): string;
  lookup(signature: Signature, inputs?: readonly Input[]): Lookup;
  /** The first writer wins: an entry that counts and whose archive is there is not overwritten but by `force`. */
  publish(entry: AcEntry, options?: PublishOptions): Published;
  list(): StoreListing;
  /**
   * Takes what turned out to be damaged out of the way, so that it can be made anew: the archive where
   * its bytes are not those it is named by, else the entry that promises something else of them, or says nothing.
   */
  discard(entry: Discarded, why: string): void;
  /** Forgets an entry; its archive may be another's too. */
  remove(signature: Signature): void;
}

/** Opens the store; nothing is written before there is something to keep. */
export function openStore(place: StorePlace, trust: Trust = createTrust()): ArtifactStore {
  // Where an entry cannot be removed (a store that others own), it must at least not be found again.
  const store: Store = { ...place, trust, archives: openArchives(place), bad: new Map() };
  return {
    archives: store.archives,
    entryPath: (signature) => placeOf(store, signature),
    lookup: (signature, inputs) => lookup(store, signature, inputs),
    publish: (entry, options = {}) => publish(store, entry, options),
    list: () => list(store),
    discard: (entry, why) => discard(store, entry, why),
    remove: (signature) => store.fs.rmSync(placeOf(store, signature), { force: true }),
  };
}

interface Store extends StorePlace {
  readonly archives: Archives;
  readonly trust: Trust;
  readonly bad: Map<string, string>;
}

const placeOf = (store: Store, signature: string): string => join(store.dir, entryPath(signature));

function lookup(store: Store, signature: string, inputs?: readonly Input[]): Lookup {
  const read = readEntry(store, signature);
  if (read.kind !== 'found') return read;
  const { entry } = read;
  const refused = whyRefused(store.trust, entry, inputs);
  if (refused !== undefined) return { kind: 'refused', why: refused, entry };
  const why = store.bad.get(signature) ?? store.archives.whyNot(entry.archive);
  return why === undefined ? read : { kind: 'damaged', why, entry };
}

function readEntry(store: Store, signature: string): Lookup {
  let text: string;
  try {
    text = store.fs.readFileSync(placeOf(store, signature), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'missing' };
    if (errorCode(error) === undefined) throw error;
    const isFile = errorCode(error) !== 'EISDIR';
    return {
      kind: 'damaged',
      why: isFile ? `it cannot be read: ${(error as Error).message}` : 'it is no file',
    };
  }
  const entry = parseAcEntry(text, signature);
  return typeof entry === 'string' ? { kind: 'damaged', why: entry } : { kind: 'found', entry };
}

function publish(store: Store, entry: AcEntry, { force = false, inputs }: PublishOptions): Published {
  const path = placeOf(store, entry.signature);
  return withAside(store, (file) => {
    file.write(Buffer.from(formatAcEntry(entry)));
    if (!force && file.create(path)) return published(store, 'created', entry);
    const standing = force ? undefined : lookup(store, entry.signature, inputs);
    if (standing?.kind === 'found') return published(store, 'existing', standing.entry);
    const counts = whyRefused(store.trust, entry, inputs) === undefined;
    if (standing?.kind === 'refused' && !counts) return published(store, 'apart', entry);
    file.replace(path);
    return published(store, 'created', entry);
  });
}

function published(store: Store, kind: Published['kind'], entry: AcEntry): Published {
  store.bad.delete(entry.signature);
  return { kind, entry };
}

function list(store: Store): StoreListing {
  const found = signatures(store).map((signature) => ({ signature, ...lookup(store, signature) }));
  const place = (entry: AcEntry): string => [entry.recipe, entry.task, entry.signature].join('\0');
  return {
    entries: found
      .flatMap((each) => (each.kind === 'found' ? [each.entry] : []))
      .sort((a, b) => byCodeUnit(place(a), place(b))),
    bereft: found.flatMap((each) => (each.kind === 'damaged' && isBereft(store, each) ? [each.entry] : [])),
    damaged: found.flatMap((each) => {
      if (each.kind !== 'damaged' || isBereft(store, each)) return [];
      const { kind: _, ...rest } = each;
      return [rest];
    }),
    refused: found.flatMap((each) => (each.kind === 'refused' ? [{ why: each.why, entry: each.entry }] : [])),
  };
}

function isBereft<T extends DamagedEntry>(store: Store, found: T): found is T & { readonly entry: AcEntry } {
  return found.entry !== undefined && !store.fs.existsSync(store.archives.path(found.entry.archive));
}

function signatures(store: Store): readonly Signature[] {
  const ac = join(store.dir, entriesPath);
  if (!store.fs.existsSync(ac)) return [];
  return store.fs
    .readdirSync(ac, { withFileTypes: true })
    .filter((prefix) => prefix.isDirectory())
    .flatMap((prefix) => store.fs.readdirSync(join(ac, prefix.name)).map(String))
    .filter((name): name is Signature => /^[0-9a-f]{64}$/.test(name))
    .sort(byCodeUnit);
}

function discard(store: Store, { signature, archive }: Discarded, why: string): void {
  store.bad.set(signature, why);
  try {
    if (archive === undefined || !store.archives.discard(archive))
      store.fs.rmSync(placeOf(store, signature), { recursive: true, force: true });
  } catch (error) {
    // It may be another's store, or on a disk that no longer reads; that it is refused must do.
    if (errorCode(error) === undefined) throw error;
  }
}
