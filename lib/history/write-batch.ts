import { inflateSync } from 'node:zlib';
import type { ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { deflatedPieces } from './deflated-pieces.ts';
import { createPackWriter, PACK_LIMIT, type PackWriter } from './pack-writer.ts';
import { type RawObject, readPart } from './pack-reader.ts';

/** More objects than this become a pack: a file each costs more than all the rest. */
const LOOSE_LIMIT = 100;
/** More bytes than this are not held in memory. */
const HELD_LIMIT = 8 << 20;

export interface NewObject {
  readonly oid: ObjectId;
  readonly type: ObjectType;
  readonly body: Uint8Array;
}

/** Objects written together: held while they are few, else appended to packs that are not yet visible. */
export interface WriteBatch {
  has(oid: ObjectId): boolean;
  read(oid: ObjectId): RawObject;
  add(object: NewObject): void;
  /** Seals the packs; answers what is left to be written loose, in the order in which it came. */
  finish(): readonly NewObject[];
  discard(): void;
}

interface Placed {
  readonly type: ObjectType;
  readonly size: number;
  readonly writer: PackWriter;
  readonly start: number;
  readonly length: number;
}

/** Starts a batch. */
export function createWriteBatch(
  fs: FileSystem,
  options: { readonly packDir: string; readonly level: number },
): WriteBatch {
  const held = new Map<ObjectId, NewObject>();
  const packs = growingPacks(fs, options);
  let heldBytes = 0;

  const placeHeld = (): void => {
    for (const object of held.values()) packs.place(object);
    held.clear();
  };
  return {
    has: (oid) => held.has(oid) || packs.placed.has(oid),
    read: (oid) => {
      const object = held.get(oid);
      if (object !== undefined) return { type: object.type, body: Buffer.from(object.body) };
      return packs.read(oid);
    },
    add: (object) => {
      if (packs.writers.length > 0) return packs.place(object);
      // Whose bytes they are may use the memory for something else.
      held.set(object.oid, { ...object, body: Buffer.from(object.body) });
      heldBytes += object.body.length;
      if (held.size > LOOSE_LIMIT || heldBytes > HELD_LIMIT) placeHeld();
    },
    finish: () => {
      for (const writer of packs.writers) writer.seal();
      return [...held.values()];
    },
    discard: () => {
      for (const writer of packs.writers) writer.discard();
    },
  };
}

interface GrowingPacks {
  readonly writers: readonly PackWriter[];
  readonly placed: ReadonlyMap<ObjectId, Placed>;
  place(object: NewObject): void;
  read(oid: ObjectId): RawObject;
}

/** Packs that are filled one after the other, none much beyond the limit. */
function growingPacks(
  fs: FileSystem,
  options: { readonly packDir: string; readonly level: number },
): GrowingPacks {
  const placed = new Map<ObjectId, Placed>();
  const writers: PackWriter[] = [];
  return {
    writers,
    placed,
    place: ({ oid, type, body }) => {
      let writer = writers.at(-1);
      if (writer === undefined || writer.length >= PACK_LIMIT) {
        writer = createPackWriter(fs, options.packDir, oid);
        writers.push(writer);
      }
      const size = body.length;
      const start = writer.append({ oid, type, size }, deflatedPieces(body, options.level));
      placed.set(oid, { type, size, writer, start, length: writer.length - start });
    },
    read: (oid) => {
      const at = placed.get(oid);
      if (at === undefined) throw new Error(`object ${oid} is not of this batch`);
      at.writer.flush();
      return { type: at.type, body: inflateSync(readPart(fs, at.writer.path, at)) };
    },
  };
}
