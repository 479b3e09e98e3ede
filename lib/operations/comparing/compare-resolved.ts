import type { ObjectStore } from '../../ports/objects.ts';
import { byCodeUnit, type ObjectId } from '../../terms/ids.ts';
import { compareTrees, type Change, type Side } from '../../trees/compare-trees.ts';
import { entryAt } from '../../trees/list-entries.ts';
import { inside, readMetadata } from '../../trees/tree-metadata.ts';
import type { Difference, DifferenceEnd, FileChange, FileSide } from './difference.ts';
import { pairRenames } from './pair-renames.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { wantedPaths } from '../record/wanted-paths.ts';

/** Two trees, which may stand in two histories; without `from` everything was added. */
export interface Ends {
  readonly from: ResolvedTree | undefined;
  readonly to: ResolvedTree;
}

/** Compares two trees; only `paths` and what is below them, where any are given. */
export function compareResolved(ends: Ends, paths: readonly string[]): Difference {
  const objects = objectsOf(ends);
  const files = pairRenames(objects, compareFiles(ends, paths));
  const absent = paths.filter((path) => !hasPath(ends, path));
  return { from: endOf(ends.from), to: endOf(ends.to), files, absent, contents: () => objects };
}

function hasPath({ from, to }: Ends, typed: string): boolean {
  const [path = ''] = wantedPaths([typed]);
  return [from, to].some(
    (end) =>
      end !== undefined &&
      (path === '' ||
        entryAt(
          end.objects,
          { ...end, metadata: readMetadata(end.objects, end.tree) },
          inside(end.top, path),
        ) !== undefined),
  );
}

/** The files that differ; paths as the ends speak of them: from the image for artifacts, from the WORKDIR else. */
export function compareFiles(ends: Ends, paths: readonly string[]): readonly FileChange[] {
  const objects = objectsOf(ends);
  // An artifact beside a WORKDIR: both are shown as a WORKDIR, where the image is `image/…`.
  const top = ends.from === undefined || ends.from.top === ends.to.top ? ends.to.top : '';
  const trees = { from: ends.from?.tree, to: ends.to.tree };
  return wantedPaths(paths)
    .flatMap((path) => compareTrees(objects, trees, { under: inside(top, path) }))
    .filter(({ path }) => path !== top)
    .map((change) => fileChange(objects, change, top))
    .toSorted((a, b) => byCodeUnit(a.path, b.path));
}

function endOf(end: ResolvedTree | undefined): DifferenceEnd {
  if (end === undefined) return { rev: 'nothing' };
  return { rev: end.rev, ...(end.commit === undefined ? {} : { commit: end.commit }) };
}

function fileChange(objects: ObjectStore, change: Change, top: string): FileChange {
  const path = top === '' ? change.path : change.path.slice(top.length + 1);
  const from = 'from' in change ? { from: fileSide(objects, change.from) } : {};
  const to = 'to' in change ? { to: fileSide(objects, change.to) } : {};
  return { path, status: change.status, ...from, ...to };
}

function fileSide(objects: ObjectStore, { mode, oid, uid, gid, xattrs }: Side): FileSide {
  return {
    mode,
    size: oid === undefined ? 0 : objects.size(oid),
    ...(oid !== undefined && { oid }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(xattrs !== undefined && { xattrs }),
  };
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
