/** Where lines that a task wrote were before: in another file of the tree that it started from. */
import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId } from '../../terms/ids.ts';
import type { TreeIndex } from '../../trees/index-tree.ts';
import type { Doubt } from './doubt.ts';
import { linesOf } from './lines-of.ts';

/** A line that was somewhere before. */
export interface CopiedLine {
  readonly path: string;
  readonly line: number;
}

/** Of each line: where it was (all places that are as likely), `new` where it was nowhere, or why nobody can tell. */
export type Copied = readonly CopiedLine[] | 'new' | Extract<Doubt, 'single-line' | 'too-much-text'>;

/** Bytes that are searched at most; in larger trees nobody can tell. */
const SEARCHED = 48 << 20;
/** A larger file is not searched. */
const LARGE = 4 << 20;
/** Files that a copy may be of, at most. */
const ALTERNATIVES = 4;
/** Shorter lines (`}`, `#endif`) are everywhere, and tell nothing. */
const TELLING = 9;

/**
 * Looks for the lines of one block in all texts of a tree. What was copied shows in two lines or more that follow each
 * other in the block as in the other file; a single one may be there by chance.
 */
export function findCopiedLines(
  objects: ObjectStore,
  index: TreeIndex,
  block: readonly string[],
): readonly Copied[] {
  const telling = block.flatMap((line, at) => (line.trim().length >= TELLING ? [at] : []));
  const files = search(objects, index, new Set(telling.map((at) => block[at] ?? '')));
  if (files === undefined) return block.map(() => 'too-much-text');
  if (files.length === 0) return block.map(() => 'new');
  const copied: (Copied | undefined)[] = block.map(() => undefined);
  for (let next = 0; next < telling.length;) {
    const rest = telling.slice(next);
    const runs = files.map((file) => ({ file, length: runLength(file, block, rest) }));
    const longest = runs.reduce((most, { length }) => Math.max(most, length), 0);
    const best = runs.filter(({ length }) => length === longest).slice(0, ALTERNATIVES);
    for (const at of rest.slice(0, Math.max(longest, 1)))
      copied[at] = longest === 0 ? 'new' : longest === 1 ? 'single-line' : placesOf(best, block[at] ?? '');
    next += Math.max(longest, 1);
  }
  return copied.map((found, at) => found ?? besideOthers(files, { block, copied, at }));
}

interface TextFile {
  readonly path: string;
  readonly lines: readonly string[];
  /** Which of the wanted lines are in the file, and where first. */
  readonly wanted: ReadonlyMap<string, number>;
}

/** How many of the lines that tell follow each other in the file too. */
function runLength({ wanted }: TextFile, block: readonly string[], telling: readonly number[]): number {
  let [length, last] = [0, -1];
  for (const at of telling) {
    const line = wanted.get(block[at] ?? '');
    if (line === undefined || line <= last) break;
    last = line;
    length += 1;
  }
  return length;
}

function placesOf(files: readonly { readonly file: TextFile }[], text: string): readonly CopiedLine[] {
  return files.flatMap(({ file: { path, wanted } }) => {
    const line = wanted.get(text);
    return line === undefined ? [] : [{ path, line }];
  });
}

/** A line that tells nothing goes with the one before or after it, where it stands beside that in the other file too. */
function besideOthers(
  files: readonly TextFile[],
  {
    block,
    copied,
    at,
  }: {
    readonly block: readonly string[];
    readonly copied: readonly (Copied | undefined)[];
    readonly at: number;
  },
): Copied {
  if (copied.every((found) => found === undefined || found === 'new')) return 'new';
  for (const way of [-1, 1]) {
    let other = at + way;
    while (block[other] !== undefined && copied[other] === undefined) other += way;
    const places = copied[other];
    if (!Array.isArray(places)) continue;
    const moved = (places as readonly CopiedLine[]).map(({ path, line }) => ({
      path,
      line: line + at - other,
    }));
    const isThere = moved.every(
      ({ path, line }) => files.find((file) => file.path === path)?.lines[line] === block[at],
    );
    if (isThere) return moved;
  }
  return 'single-line';
}

function search(
  objects: ObjectStore,
  index: TreeIndex,
  wanted: ReadonlySet<string>,
): readonly TextFile[] | undefined {
  if (wanted.size === 0) return [];
  const files: (readonly [string, ObjectId])[] = [];
  let text = 0;
  for (const [path, oid] of index.files) {
    const size = objects.size(oid);
    if (size > LARGE) continue;
    text += size;
    // Before any is read: nothing of what is found in a part of the tree would be certain.
    if (text > SEARCHED) return undefined;
    files.push([path, oid]);
  }
  const found: TextFile[] = [];
  for (const [path, oid] of files) {
    const lines = linesOf(objects, oid) ?? [];
    const own = new Map<string, number>();
    lines.forEach((line, at) => {
      if (wanted.has(line) && !own.has(line)) own.set(line, at);
    });
    if (own.size > 0) found.push({ path, lines, wanted: own });
  }
  return found;
}
