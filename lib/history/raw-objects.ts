import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { BlobContent, ObjectStore, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { objectId } from '../trees/object-id.ts';
import { Damage } from './damage.ts';
import { damagedRepository } from './damaged-repository.ts';
import { FAST } from './deflated-pieces.ts';
import { type LooseObjects, openLooseObjects } from './loose-objects.ts';
import { openPack, type Pack, type RawObject } from './pack-reader.ts';
import { namesIn } from './names-in.ts';
import { isAbsent } from './replace-file.ts';
import { storedStream } from './stored-stream.ts';
import { asDamage, isDamage, tellingDamage } from './telling-damage.ts';
import { createWriteBatch, type WriteBatch, type WriteBatchOptions } from './write-batch.ts';

/** What fits, with its eleven bytes around it, into the block that a file takes in any case: no compressor is set up for that. */
const SMALL = 4096 - 11;

/** Objects as type and bytes, wherever they lie. */
export interface RawObjects {
  has(oid: ObjectId): boolean;
  read(oid: ObjectId): RawObject;
  describe(oid: ObjectId): Description;
  /** The content of a large blob, piece by piece; undefined for what is read whole. */
  large(oid: ObjectId): BlobContent | undefined;
  /** The content of a blob that need not be whole in memory, of whatever size; undefined for other objects. */
  content(oid: ObjectId): BlobContent | undefined;
  write(type: ObjectType, body: Uint8Array): ObjectId;
  writeLarge: ObjectStore['writeBlobFrom'];
  batch: ObjectStore['batch'];
}

interface Description {
  readonly type: ObjectType;
  readonly size: number;
}

/** An object that was found; nothing of it is read yet. */
interface Located {
  read(): RawObject;
  describe(): Description;
  large?(): BlobContent | undefined;
  content?(): BlobContent | undefined;
}

/** Packs, by path without ending, that are not looked into. */
export type PassedOver = ReadonlySet<string>;

export interface ObjectsOptions extends Pick<WriteBatchOptions, 'room'> {
  readonly passedOver?: PassedOver;
}

/**
 * Opens the `objects` directory of a repository. A pack that cannot be read is an error of every look-up, since what is
 * looked for may be in it: only who tells of it anyway passes it over.
 */
export function openRawObjects(
  fs: FileSystem,
  objectsDir: string,
  { passedOver = new Set(), room }: ObjectsOptions = {},
): RawObjects {
  const loose = openLooseObjects(fs, objectsDir);
  const resolve = (oid: ObjectId): RawObject => locate(oid).read();
  const packs = openPacks(fs, join(objectsDir, 'pack'), { passedOver, resolve });
  let batch: WriteBatch | undefined;
  let isLoose = loose.has;

  const gitDir = dirname(objectsDir);
  /** Looks once more where a file is gone: another process may have put what was in it into a pack. */
  const looking = <T>(oid: ObjectId, look: () => T): T =>
    tellingDamage(gitDir, oid, () => {
      try {
        return look();
      } catch (error) {
        if (!isAbsent(error)) throw error;
        packs.refresh();
        return look();
      }
    });
  const find = (oid: ObjectId): Located | undefined =>
    looking(oid, () => inBatch(batch, oid) ?? inPacks(packs, oid) ?? inLoose(loose, oid));
  function locate(oid: ObjectId): Located {
    const found = find(oid);
    if (found !== undefined) return found;
    // Another process may have written it since.
    packs.refresh();
    return find(oid) ?? missing(oid, gitDir);
  }
  const inPieces = (
    oid: ObjectId,
    open: (found: Located) => BlobContent | undefined,
  ): BlobContent | undefined => {
    const content = looking(oid, () => open(locate(oid)));
    const again = (): Iterable<Uint8Array> => {
      packs.refresh();
      const found = locate(oid);
      return open(found)?.pieces() ?? [found.read().body];
    };
    return content && { size: content.size, pieces: () => piecesTelling(gitDir, oid, { content, again }) };
  };
  const readWhole = (oid: ObjectId): RawObject => {
    try {
      return proven(oid, locate(oid).read());
    } catch (error) {
      // What is gone may have been put into a pack: that is looked for anew.
      const other = isDamage(error) && !isAbsent(error) ? otherCopy(oid) : undefined;
      if (other === undefined) throw error;
      return other;
    }
  };
  /** A collection that was stopped leaves objects twice: one of them may be whole where the other is not. */
  function otherCopy(oid: ObjectId): RawObject | undefined {
    for (const read of [...packs.copies(oid), () => loose.read(oid)]) {
      try {
        return proven(oid, read());
      } catch (error) {
        if (!isDamage(error)) throw error;
      }
    }
    return undefined;
  }
  return {
    has: (oid) => find(oid) !== undefined,
    read: (oid) => looking(oid, () => readWhole(oid)),
    describe: (oid) => looking(oid, () => locate(oid).describe()),
    large: (oid) => inPieces(oid, (found) => found.large?.()),
    content: (oid) => inPieces(oid, (found) => found.content?.()),
    write: (type, body) => {
      const oid = objectId(type, body);
      const isThere = (): boolean =>
        inBatch(batch, oid) !== undefined || packs.find(oid) !== undefined || isLoose(oid);
      if (looking(oid, isThere)) return oid;
      if (batch !== undefined) batch.add({ oid, type, body });
      else loose.write(oid, deflateLoose(type, body));
      return oid;
    },
    writeLarge: (source) => loose.writeLarge(source, (oid) => find(oid) !== undefined),
    batch: (work) => {
      if (batch !== undefined) return work();
      batch = createWriteBatch(fs, { packDir: join(objectsDir, 'pack'), room });
      isLoose = loose.hasMany();
      try {
        return completed(batch, work, loose);
      } finally {
        batch = undefined;
        isLoose = loose.has;
        packs.refresh();
      }
    },
  };
}

function missing(oid: ObjectId, gitDir: string): never {
  throw damagedRepository(gitDir, `object ${oid.slice(0, 12)} is missing`);
}

interface Elsewhere {
  readonly content: BlobContent;
  /** Looks once more, where another process put it before a piece of it was read. */
  again(): Iterable<Uint8Array>;
}

/** What goes wrong where the pieces are put is no damage of where they come from, and does not come by here. */
function* piecesTelling(gitDir: string, oid: ObjectId, of: Elsewhere): Generator<Uint8Array> {
  try {
    yield* piecesOrAgain(of);
  } catch (error) {
    throw asDamage(gitDir, oid, error);
  }
}

function* piecesOrAgain({ content, again }: Elsewhere): Generator<Uint8Array> {
  let began = false;
  try {
    for (const piece of content.pieces()) {
      began = true;
      yield piece;
    }
  } catch (error) {
    if (began || !isAbsent(error)) throw error;
    yield* again();
  }
}

/** An object is what its name says, wherever it was found and however it was put together. */
function proven(oid: ObjectId, object: RawObject): RawObject {
  if (objectId(object.type, object.body) !== oid) throw new Damage('its content is another one');
  return object;
}

function completed<T>(batch: WriteBatch, work: () => T, loose: LooseObjects): T {
  try {
    const result = work();
    for (const { oid, type, body } of batch.finish()) loose.write(oid, deflateLoose(type, body));
    return result;
  } catch (error) {
    batch.discard();
    throw error;
  }
}

function inBatch(batch: WriteBatch | undefined, oid: ObjectId): Located | undefined {
  if (!batch?.has(oid)) return undefined;
  const read = (): RawObject => batch.read(oid);
  return { read, describe: () => ({ type: read().type, size: read().body.length }) };
}

function inPacks(packs: Packs, oid: ObjectId): Located | undefined {
  const packed = packs.find(oid);
  if (packed === undefined) return undefined;
  const { pack, offset } = packed;
  return {
    read: () => pack.read(offset),
    describe: () => pack.describe(offset),
    large: () => pack.large(offset, oid),
    content: () => pack.content(offset, oid),
  };
}

function inLoose(loose: LooseObjects, oid: ObjectId): Located | undefined {
  if (!loose.has(oid)) return undefined;
  return {
    read: () => loose.read(oid),
    describe: () => loose.describe(oid),
    large: () => loose.large(oid),
    content: () => loose.large(oid),
  };
}

function deflateLoose(type: ObjectType, body: Uint8Array): Buffer {
  const object = Buffer.concat([Buffer.from(`${type} ${body.length}\0`, 'latin1'), body]);
  return object.length <= SMALL ? storedStream(object) : deflateSync(object, FAST);
}

interface Packs {
  find(oid: ObjectId): { readonly pack: Pack; readonly offset: number } | undefined;
  /** Reads each copy. */
  copies(oid: ObjectId): readonly (() => RawObject)[];
  refresh(): void;
}

function openPacks(
  fs: FileSystem,
  packDir: string,
  {
    passedOver,
    resolve,
  }: { readonly passedOver: PassedOver; readonly resolve: (oid: ObjectId) => RawObject },
): Packs {
  const open = new Map<string, Pack>();
  let listed = false;
  const list = (): void => {
    listed = true;
    const names = namesIn(fs, packDir);
    const present = new Set(
      names
        .filter((name) => /^pack-.*\.idx$/.test(name))
        .map((name) => name.slice(0, -4))
        .filter((name) => !passedOver.has(join(packDir, name))),
    );
    for (const name of open.keys()) if (!present.has(name)) open.delete(name);
    for (const name of present)
      if (!open.has(name)) open.set(name, openPack(fs, join(packDir, name), resolve));
  };
  return {
    find: (oid) => {
      if (!listed) list();
      for (const pack of open.values()) {
        const offset = pack.find(oid);
        if (offset !== undefined) return { pack, offset };
      }
      return undefined;
    },
    copies: (oid) => {
      if (!listed) list();
      return [...open.values()].flatMap((pack) => {
        const offset = pack.find(oid);
        return offset === undefined ? [] : [() => pack.read(offset)];
      });
    },
    refresh: () => {
      listed = false;
    },
  };
}
