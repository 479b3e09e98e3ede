/** Carries out what was planned for the objects of a repository; a stop at any point loses nothing. */
import { basename, dirname, join } from 'node:path';
import type { ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { deflatedPieces, SMALL } from './deflated-pieces.ts';
import { createPackWriter, PACK_LIMIT, type PackWriter } from './pack-writer.ts';
import { namesIn } from './names-in.ts';
import type { RawObject } from './pack-reader.ts';
import { deflatePieces } from './piecewise-stream.ts';
import type { Merge, ObjectFileSet, ObjectsPlan } from './plan-objects.ts';
import { openRawObjects, type RawObjects } from './raw-objects.ts';

/** Removes files of which nothing is needed, and what was never completed: nobody else may write there meanwhile. */
export function dropObjects(fs: FileSystem, gitDir: string, { gone }: Pick<ObjectsPlan, 'gone'>): void {
  const objectsDir = join(gitDir, 'objects');
  removeUnfinished(fs, objectsDir);
  removeFiles(fs, objectsDir, gone);
}

/** Writes what is needed of several files into one pack, and removes them once `sync` has seen to its name. */
export function mergeObjects(
  { fs, sync }: { readonly fs: FileSystem; readonly sync: (path: string) => void },
  gitDir: string,
  merge: Merge,
): void {
  const { merged } = merge;
  const objectsDir = join(gitDir, 'objects');
  const writers: PackWriter[] = [];
  try {
    const raw = openRawObjects(fs, objectsDir);
    for (const oid of inOrder(raw, merge)) {
      const large = raw.large(oid);
      let writer = writers.at(-1);
      if (writer === undefined || writer.length + (large?.size ?? 0) >= PACK_LIMIT) {
        writer = createPackWriter(fs, join(objectsDir, 'pack'), oid);
        writers.push(writer);
      }
      if (large === undefined) appendWhole(writer, oid, raw.read(oid));
      else writer.append({ oid, type: 'blob', size: large.size }, deflatePieces(large.pieces()));
    }
    const sealed = new Set(writers.map((writer) => writer.seal()));
    if (sealed.size > 0) sync(gitDir);
    // A pack of the same objects has the same name.
    removeFiles(fs, objectsDir, { ...merged, packs: merged.packs.filter(({ path }) => !sealed.has(path)) });
  } catch (error) {
    for (const writer of writers) writer.discard();
    removeUnfinished(fs, objectsDir);
    throw error;
  }
}

function appendWhole(writer: PackWriter, oid: ObjectId, { type, body }: RawObject): void {
  writer.append({ oid, type, size: body.length }, deflatedPieces(body, SMALL));
}

/**
 * Commits first, then trees: who asks of many builds reads all of these and little else, and they lie close together. Blobs
 * that each had a file are in no order yet: of one name they are often of one size, and are asked for together.
 */
function inOrder(raw: RawObjects, { merged, moved }: Merge): readonly ObjectId[] {
  const loose = new Set(merged.loose.map(({ oid }) => oid));
  const kinds: Record<ObjectType, ObjectId[]> = { commit: [], tag: [], tree: [], blob: [] };
  const sizes = new Map<ObjectId, number>();
  for (const oid of moved) {
    const { type, size } = raw.describe(oid);
    kinds[type].push(oid);
    if (loose.has(oid)) sizes.set(oid, size);
  }
  const blobs = kinds.blob.toSorted((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
  return [...kinds.commit, ...kinds.tag, ...kinds.tree, ...blobs];
}

/** Where git noted which objects lie where, or what commits there are: it finds out again. */
const DERIVED = ['pack/multi-pack-index', 'info/commit-graph', 'info/commit-graphs', 'info/packs'];

function removeFiles(fs: FileSystem, objectsDir: string, { loose, packs }: ObjectFileSet): void {
  if (loose.length + packs.length === 0) return;
  for (const path of DERIVED) fs.rmSync(join(objectsDir, path), { recursive: true, force: true });
  const names = namesIn(fs, join(objectsDir, 'pack'));
  for (const { path } of packs) {
    // The index first: without it there is no pack, whatever else lies there.
    fs.rmSync(`${path}.idx`, { force: true });
    for (const name of names.filter((each) => each.startsWith(`${basename(path)}.`)))
      fs.rmSync(join(dirname(path), name), { force: true });
  }
  for (const { path } of loose) fs.rmSync(path, { force: true });
  for (const dir of new Set(loose.map(({ path }) => dirname(path))))
    if (namesIn(fs, dir).length === 0) fs.rmdirSync(dir);
}

/** What a crash left: files under temporary names, and packs whose index was not there yet, or not any more. */
function removeUnfinished(fs: FileSystem, objectsDir: string): void {
  const below = namesIn(fs, objectsDir).flatMap((name) =>
    /^(?:[0-9a-f]{2}|pack)$/.test(name)
      ? namesIn(fs, join(objectsDir, name)).map((each) => join(name, each))
      : [name],
  );
  const there = new Set(below);
  for (const path of below) {
    const [, pack] = /^(pack\/pack-.*)\.pack$/.exec(path) ?? [];
    const isTorn = pack !== undefined && !there.has(`${pack}.idx`);
    if (isTorn || /^tmp_(?:obj|pack|idx)_/.test(basename(path))) fs.rmSync(join(objectsDir, path));
  }
}
