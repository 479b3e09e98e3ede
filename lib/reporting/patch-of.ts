/** How the content of a file changed, as people are told. */
import { compareContents } from '../contents/compare-contents.ts';
import type { ContentDifference } from '../contents/content-change.ts';
import { isOnlyNoise } from '../contents/is-only-noise.ts';
import type { Difference, FileDifference, FileSide } from '../operations/comparing/difference.ts';
import { compareTexts, type TextHunk } from '../trees/compare-texts.ts';

export type Patch =
  | {
      readonly kind: 'text';
      readonly file: FileDifference;
      readonly hunks: readonly TextHunk[];
      readonly added: number;
      readonly deleted: number;
    }
  | {
      readonly kind: 'binary';
      readonly file: FileDifference;
      readonly added: 0;
      readonly deleted: 0;
      /** What changed inside, where both sides are of a kind that is known. */
      readonly content?: ContentDifference;
    };

/** Bytes from which on a file counts as binary, unread; git has such a bound too. */
const LARGE = 64 << 20;

/** Compares the two sides of a file, and looks into programs, libraries and objects. */
export function patchOf(file: FileDifference, of: Difference): Patch {
  const sides = sidesOf(file, of);
  const patch = patchBetween(file, sides);
  if (patch.kind === 'text' || sides === undefined) return patch;
  const content = compareContents(...sides);
  return content === undefined ? patch : { ...patch, content };
}

/** Compares the lines of a file's two sides; what is no text is not looked into. */
export function linePatchOf(file: FileDifference, of: Difference): Patch {
  return patchBetween(file, sidesOf(file, of));
}

function patchBetween(file: FileDifference, sides: readonly [Buffer, Buffer] | undefined): Patch {
  if (file.from?.oid === file.to?.oid) return { kind: 'text', file, hunks: [], added: 0, deleted: 0 };
  const texts = sides && compareTexts(...sides);
  return texts === undefined
    ? { kind: 'binary', file, added: 0, deleted: 0 }
    : { kind: 'text', file, ...texts };
}

/** What changed inside a program, library or object; undefined for all else. */
export function contentOf(file: FileDifference, of: Difference): ContentDifference | undefined {
  const sides = sidesOf(file, of);
  return sides && compareContents(...sides);
}

/** Whether nothing but times, build ids and paths of build directories differs. */
export function isNoise(file: FileDifference, of: Difference): boolean {
  if (file.status !== 'M') return false;
  if (file.from?.mode !== file.to?.mode || ownerOf(file.from) !== ownerOf(file.to)) return false;
  if (attributesOf(file.from) !== attributesOf(file.to)) return false;
  const sides = sidesOf(file, of);
  return sides !== undefined && isOnlyNoise(...sides);
}

/** Who owns a file, as `chown` has it. */
export function ownerOf(side: FileSide | undefined): string {
  return `${side?.uid ?? 0}:${side?.gid ?? 0}`;
}

/** Extended attributes of a file, as its metadata has them. */
export function attributesOf(side: FileSide | undefined): string {
  return side?.xattrs ?? 'none';
}

/** Both contents, empty where there is none; undefined where they are the same, or one is too large to be read. */
function sidesOf(file: FileDifference, of: Difference): readonly [Buffer, Buffer] | undefined {
  if (file.from?.oid === file.to?.oid) return undefined;
  if (Math.max(file.from?.size ?? 0, file.to?.size ?? 0) >= LARGE) return undefined;
  const content = (side: FileDifference['from']): Buffer =>
    side?.oid === undefined ? Buffer.alloc(0) : of.contents(file.recipe).readBlob(side.oid);
  return [content(file.from), content(file.to)];
}
