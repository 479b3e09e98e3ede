import type { ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type ObjectId } from '../terms/ids.ts';
import { compareTrees, type Change, type Side } from '../trees/compare-trees.ts';
import { rawPath } from '../trees/raw-text.ts';
import type { Difference, DifferenceEnd, FileDifference, FileSide } from './difference.ts';
import type { ResolvedTree } from './resolved-revision.ts';

/** Two trees, which may stand in two histories; without `from` everything was added. */
export interface Ends {
  readonly from: ResolvedTree | undefined;
  readonly to: ResolvedTree;
}

/** Compares two trees; only `paths` and what is below them, where any are given. */
export function compareResolved(ends: Ends, paths: readonly string[]): Difference {
  const files = compareFiles(ends, paths);
  return { from: endOf(ends.from), to: endOf(ends.to), files, read: readerOf(objectsOf(ends)) };
}

/** The files that differ; paths as the ends speak of them: from the image for artifacts, from the WORKDIR else. */
export function compareFiles(ends: Ends, paths: readonly string[]): readonly FileDifference[] {
  const objects = objectsOf(ends);
  // An artifact beside a WORKDIR: both are shown as a WORKDIR, where the image is `image/…`.
  const top = ends.from === undefined || ends.from.top === ends.to.top ? ends.to.top : '';
  const trees = { from: ends.from?.tree, to: ends.to.tree };
  const wanted = paths.length === 0 ? [''] : paths.map((path) => rawPath(path).replace(/^\/+|\/+$/g, ''));
  const found = new Map<string, FileDifference>();
  for (const path of wanted) {
    const under = [top, path].filter((part) => part !== '').join('/');
    for (const change of compareTrees(objects, trees, under === '' ? {} : { under })) {
      if (change.path === top) continue;
      const file = fileDifference(objects, change, top);
      found.set(file.path, file);
    }
  }
  return [...found.values()].toSorted((a, b) => byCodeUnit(a.path, b.path));
}

export function readerOf(objects: ObjectStore): Difference['read'] {
  return (_, side) => (side.oid === undefined ? Buffer.alloc(0) : objects.readBlob(side.oid));
}

function endOf(end: ResolvedTree | undefined): DifferenceEnd {
  if (end === undefined) return { rev: 'nothing' };
  return { rev: end.rev, ...(end.commit === undefined ? {} : { commit: end.commit }) };
}

function fileDifference(objects: ObjectStore, change: Change, top: string): FileDifference {
  const path = top === '' ? change.path : change.path.slice(top.length + 1);
  const from = 'from' in change ? { from: fileSide(objects, change.from) } : {};
  const to = 'to' in change ? { to: fileSide(objects, change.to) } : {};
  return { path, status: change.status, ...from, ...to };
}

function fileSide(objects: ObjectStore, side: Side): FileSide {
  if (side.oid === undefined) return { mode: side.mode, size: 0 };
  return { mode: side.mode, size: objects.size(side.oid), oid: side.oid };
}

/** The objects of both ends as one store; ids name content, so it does not matter where one is read. */
export function objectsOf({ from, to }: Ends): ObjectStore {
  if (from === undefined || from.objects === to.objects) return to.objects;
  const owner = (oid: ObjectId): ObjectStore => (to.objects.has(oid) ? to.objects : from.objects);
  return {
    ...to.objects,
    has: (oid) => owner(oid).has(oid),
    type: (oid) => owner(oid).type(oid),
    size: (oid) => owner(oid).size(oid),
    readBlob: (oid) => owner(oid).readBlob(oid),
    openBlob: (oid) => owner(oid).openBlob(oid),
    readTree: (oid) => owner(oid).readTree(oid),
    readCommit: (oid) => owner(oid).readCommit(oid),
  };
}
