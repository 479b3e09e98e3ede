import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId } from '../../terms/ids.ts';
import { isBinary } from '../../trees/compare-texts.ts';

/** Bytes beyond which a file is not looked into line by line. */
const LARGE = 4 << 20;

/** The lines of a text, as latin1; undefined where it is no text, or a very large one. */
export function linesOf(objects: ObjectStore, oid: ObjectId): readonly string[] | undefined {
  if (objects.size(oid) > LARGE) return undefined;
  const bytes = objects.readBlob(oid);
  if (isBinary(bytes)) return undefined;
  const lines = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
