/** Reads every object of a repository, wherever a copy of it lies. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BlobContent, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { objectId } from '../trees/object-id.ts';
import { Damage } from './damage.ts';
import { listObjectFiles, type PackFile } from './list-object-files.ts';
import { type LooseObjects, openLooseObjects } from './loose-objects.ts';
import { checkIndex, listIndex } from './pack-index.ts';
import { openPack, type Pack, type RawObject, readPart } from './pack-reader.ts';
import { openRawObjects, type PassedOver } from './raw-objects.ts';
import { isAbsent } from './replace-file.ts';
import { isDamage } from './telling-damage.ts';

export interface CheckedObjects {
  /** Objects of which a copy is what its name says, with their types. */
  readonly whole: WholeObjects;
  readonly damaged: readonly DamagedFile[];
  /** Packs whose index is damaged: what is in them was not looked at. */
  readonly passedOver: PassedOver;
}

export type WholeObjects = ReadonlyMap<ObjectId, ObjectType>;

/** A file of which something cannot be read, or is not what its name says. */
export interface DamagedFile {
  readonly path: string;
  readonly why: string;
  /** What is known to be lost with it. */
  readonly objects: readonly ObjectId[];
  /** An index: while it stands there, no object of the repository can be looked up. Its pack may be whole. */
  readonly indexOf?: { readonly pack: string; readonly isWhole: boolean };
}

/**
 * Reads all objects, loose ones and those in packs, and looks whether each is what its name says. What is put into another
 * pack meanwhile, as by a collection of garbage, is read there, and nothing is told of files that are gone by then.
 */
export function checkObjects(fs: FileSystem, gitDir: string): CheckedObjects {
  const objectsDir = join(gitDir, 'objects');
  const files = listObjectFiles(fs, gitDir);
  const whole = new Map<ObjectId, ObjectType>();
  const damaged: DamagedFile[] = [];
  const passedOver = new Set<string>();
  const looked = new Set<string>();
  const look = (packs: readonly PackFile[]): void => {
    const badIndexes = packs.flatMap(({ path }) => checkIndexOf(fs, path));
    damaged.push(...badIndexes);
    for (const { indexOf } of badIndexes) passedOver.add(indexOf.pack);
    const raw = openRawObjects(fs, objectsDir, { passedOver });
    for (const { path } of packs) {
      looked.add(path);
      if (passedOver.has(path)) continue;
      damaged.push(...checkPack(fs, path, { pack: openPack(fs, path, raw.read), whole }));
    }
  };
  const unread = (): readonly PackFile[] =>
    listObjectFiles(fs, gitDir).packs.filter(({ path }) => !looked.has(path));
  const loose = openLooseObjects(fs, objectsDir);
  look(files.packs);
  for (const { oid, path } of files.loose) {
    const why = damageOf(() => whole.set(oid, proveLoose(loose, oid)));
    if (why !== undefined) damaged.push({ path, why, objects: [oid] });
  }
  for (let packs = unread(); packs.length > 0; packs = unread()) look(packs);
  const isPack = (path: string): boolean => fs.existsSync(`${path}.idx`);
  return {
    whole,
    damaged: damaged.filter(({ path }) => fs.existsSync(path) || isPack(path.replace(/\.pack$/, ''))),
    passedOver: new Set([...passedOver].filter(isPack)),
  };
}

function proveLoose(loose: LooseObjects, oid: ObjectId): ObjectType {
  return proveLarge(loose.large(oid)) ?? prove(oid, loose.read(oid));
}

function provePacked(pack: Pack, oid: ObjectId, offset: number): ObjectType {
  return proveLarge(pack.large(offset, oid)) ?? prove(oid, pack.read(offset));
}

function proveLarge(content: BlobContent | undefined): 'blob' | undefined {
  if (content === undefined) return undefined;
  // They are proven when the last was given.
  for (const piece of content.pieces()) void piece;
  return 'blob';
}

function prove(oid: ObjectId, { type, body }: RawObject): ObjectType {
  if (objectId(type, body) !== oid) throw new Damage('its content is another one');
  return type;
}

type DamagedIndex = DamagedFile & Required<Pick<DamagedFile, 'indexOf'>>;

function checkIndexOf(fs: FileSystem, pack: string): readonly DamagedIndex[] {
  const path = `${pack}.idx`;
  const why = damageOf(() => checkIndex(fs.readFileSync(path), 'the index'));
  if (why === undefined) return [];
  const isWhole = damageOf(() => checkChecksum(fs, `${pack}.pack`)) === undefined;
  return [{ path, why, objects: [], indexOf: { pack, isWhole } }];
}

function checkPack(
  fs: FileSystem,
  path: string,
  to: { readonly pack: Pack; readonly whole: Map<ObjectId, ObjectType> },
): readonly DamagedFile[] {
  const index = readIndex(fs, path);
  if (index === undefined) return [];
  const objects = listIndex(index).toSorted((a, b) => a.offset - b.offset);
  const packPath = `${path}.pack`;
  if (!fs.existsSync(packPath))
    return [{ path: packPath, why: 'it is missing', objects: objects.map(({ oid }) => oid) }];
  const lost: { readonly oid: ObjectId; readonly why: string }[] = [];
  for (const { oid, offset } of objects) {
    const why = damageOf(() => to.whole.set(oid, provePacked(to.pack, oid, offset)));
    if (why !== undefined) lost.push({ oid, why });
  }
  const torn = damageOf(() => checkChecksum(fs, packPath, index.subarray(-40, -20)));
  if (lost.length === 0 && torn === undefined) return [];
  const [first] = lost;
  const why = first === undefined ? (torn ?? '') : `object ${first.oid.slice(0, 12)}: ${first.why}`;
  return [{ path: packPath, why, objects: lost.map(({ oid }) => oid) }];
}

/** Undefined where the pack was put into another one. */
function readIndex(fs: FileSystem, pack: string): Buffer | undefined {
  try {
    return fs.readFileSync(`${pack}.idx`);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A pack ends in the SHA-1 of all before; its index, where that is whole, tells it too. */
function checkChecksum(fs: FileSystem, path: string, told?: Buffer): void {
  const piece = 1 << 20;
  const end = fs.statSync(path).size - 20;
  const sha1 = createHash('sha1');
  for (let start = 0; start < end; start += piece)
    sha1.update(readPart(fs, path, { start, length: Math.min(piece, end - start) }));
  const written = readPart(fs, path, { start: Math.max(end, 0), length: 20 });
  if (!sha1.digest().equals(written) || told?.equals(written) === false)
    throw new Damage('its checksum is wrong');
}

function damageOf(look: () => unknown): string | undefined {
  try {
    look();
    return undefined;
  } catch (error) {
    if (error instanceof VarveError || isDamage(error)) return error.message;
    throw error;
  }
}
