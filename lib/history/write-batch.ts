import { inflateSync } from 'node:zlib';
import type { ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { deflatedPieces, FAST, STORED } from './deflated-pieces.ts';
import { createPackWriter, PACK_LIMIT, type PackWriter } from './pack-writer.ts';
import { type RawObject, readPart } from './pack-reader.ts';

/** More objects than this become a pack: a file each costs more than all the rest. */
const LOOSE_LIMIT = 100;
/** More bytes than this are not held in memory. */
const HELD_LIMIT = 8 << 20;
/** Bytes of objects that are compressed at once, for a fifth of a second; what comes after them waits for a quiet time. */
const COMPRESSED_LIMIT = 16 << 20;
/** Where less is left on the disk nothing waits, since what waits takes two to five times as much. */
const LEAST_ROOM = 8 * PACK_LIMIT;

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

export interface WriteBatchOptions {
  readonly packDir: string;
  /** Bytes that are left on the disk. Where absent, all is compressed: nobody sees to it later. */
  readonly room?: (() => number) | undefined;
}

/** Starts a batch. */
export function createWriteBatch(fs: FileSystem, options: WriteBatchOptions): WriteBatch {
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

/**
 * Packs that are filled one after the other, none much beyond the limit. What is stored has packs of its own: its first
 * object tells what became of all.
 */
function growingPacks(fs: FileSystem, { packDir, room }: WriteBatchOptions): GrowingPacks {
  const placed = new Map<ObjectId, Placed>();
  const writers: PackWriter[] = [];
  let effort = FAST;
  let bytes = 0;
  const isFull = (writer: PackWriter): boolean =>
    writer.length >= PACK_LIMIT || (room !== undefined && writers.length === 1 && bytes >= COMPRESSED_LIMIT);
  const startWriter = (oid: ObjectId): PackWriter => {
    const mayWait = bytes >= COMPRESSED_LIMIT && room !== undefined && room() >= LEAST_ROOM;
    effort = mayWait ? STORED : FAST;
    const writer = createPackWriter(fs, packDir, oid);
    writers.push(writer);
    return writer;
  };
  return {
    writers,
    placed,
    place: ({ oid, type, body }) => {
      const last = writers.at(-1);
      const writer = last === undefined || isFull(last) ? startWriter(oid) : last;
      const size = body.length;
      const start = writer.append({ oid, type, size }, deflatedPieces(body, effort));
      placed.set(oid, { type, size, writer, start, length: writer.length - start });
      bytes += size;
    },
    read: (oid) => {
      const at = placed.get(oid);
      if (at === undefined) throw new Error(`object ${oid} is not of this batch`);
      at.writer.flush();
      return { type: at.type, body: inflateSync(readPart(fs, at.writer.path, at)) };
    },
  };
}
