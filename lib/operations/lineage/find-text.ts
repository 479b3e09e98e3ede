import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId } from '../../terms/ids.ts';
import type { Change, Side } from '../../trees/compare-trees.ts';

/** A file that has a text oftener or more rarely than before. */
export interface TextFound {
  /** Raw bytes as a latin1 string. */
  readonly path: string;
  /** How often the text is in it, before and after. */
  readonly from: number;
  readonly to: number;
}

/** Finds the changes by which a text came or went, as `git log -S` does. */
export function findText(
  objects: ObjectStore,
  changes: readonly Change[],
  text: string,
): readonly TextFound[] {
  const wanted = Buffer.from(text, 'utf8');
  const known = new Map<ObjectId, number>();
  const count = (side: Side | undefined): number => {
    if (side?.oid === undefined) return 0;
    const counted = known.get(side.oid) ?? occurrences(objects, side.oid, wanted);
    known.set(side.oid, counted);
    return counted;
  };
  return changes.flatMap((change) => {
    const from = count('from' in change ? change.from : undefined);
    const to = count('to' in change ? change.to : undefined);
    return from === to ? [] : [{ path: change.path, from, to }];
  });
}

/** Counts piece by piece, since a file may be larger than memory; a text may lie across two pieces. */
function occurrences(objects: ObjectStore, oid: ObjectId, wanted: Buffer): number {
  let count = 0;
  let rest = Buffer.alloc(0);
  for (const piece of objects.openBlob(oid).pieces()) {
    const bytes = Buffer.concat([rest, piece]);
    let next = 0;
    for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, next)) {
      count += 1;
      next = at + wanted.length;
    }
    rest = bytes.subarray(Math.max(next, bytes.length - wanted.length + 1));
  }
  return count;
}
