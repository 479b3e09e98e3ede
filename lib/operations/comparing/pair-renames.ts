import type { ObjectStore } from '../../ports/objects.ts';
import { findRenames, type LoneFile, type Rename } from '../../trees/find-renames.ts';
import type { FileChange, FileDifference, FileRename, FileSide } from './difference.ts';

/** Tells a file that went and came under another name as one. */
export function pairRenames(objects: ObjectStore, files: readonly FileChange[]): readonly FileDifference[] {
  const gone = files.flatMap(({ status, path, from }) => (status === 'D' ? loneFile(path, from) : []));
  const come = files.flatMap(({ status, path, to }) => (status === 'A' ? loneFile(path, to) : []));
  const renames = findRenames({ gone, come }, (oid) => objects.readBlob(oid));
  const left = new Set(renames.map(({ from }) => from.path));
  const renamed = new Map(renames.map((rename) => [rename.to.path, asDifference(rename)]));
  return files
    .filter(({ status, path }) => !(status === 'D' && left.has(path)))
    .map((file) => (file.status === 'A' ? renamed.get(file.path) : undefined) ?? file);
}

interface Lone extends LoneFile {
  readonly side: FileSide;
}

function loneFile(path: string, side: FileSide | undefined): readonly Lone[] {
  if (side?.oid === undefined) return [];
  const { mode, size, oid } = side;
  return [{ path, mode, size, oid, side }];
}

function asDifference({ from, to, similarity }: Rename<Lone>): FileRename {
  return { path: to.path, oldPath: from.path, status: 'R', similarity, from: from.side, to: to.side };
}
