import type { BlobContent } from '../ports/objects.ts';
import type { World } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { findFile } from './record/find-file.ts';
import { openNamed } from './record/open-named.ts';
import { resolveTree } from './record/resolve-revision.ts';

export interface RecordedFile {
  readonly rev: string;
  /** Raw bytes as a latin1 string; where links led to. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly oid: ObjectId;
  readonly content: BlobContent;
  /** All of it at once. */
  readonly bytes: Buffer;
}

/** Reads one file of the record. */
export function catFile(
  world: World,
  request: { readonly buildDir: string; readonly rev: string; readonly path: string },
): RecordedFile {
  const { record, rev: named } = openNamed(world, request.buildDir, request.rev);
  const where = resolveTree(record, named);
  const entry = findFile(where, request.path);
  if (entry.kind !== 'file' || entry.oid === undefined) {
    throw new VarveError(
      'usage',
      `${request.path} in ${where.rev} is ${entry.kind === 'dir' ? 'a directory' : 'no file'}`,
      {
        hints: [`varve restore ${request.rev} DIR   writes the whole tree`],
      },
    );
  }
  const path = where.top === '' ? entry.path : entry.path.slice(where.top.length + 1);
  const { rev, objects } = where;
  const { mode, oid } = entry;
  return {
    rev,
    path,
    mode,
    oid,
    content: objects.openBlob(oid),
    get bytes() {
      return objects.readBlob(oid);
    },
  };
}
