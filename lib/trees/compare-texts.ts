import { structuredPatch, type StructuredPatchHunk } from 'diff';

export type TextHunk = StructuredPatchHunk;

export interface TextDifference {
  readonly hunks: readonly TextHunk[];
  readonly added: number;
  readonly deleted: number;
}

/** Edits beyond which two texts count as wholly different: the search for the best patch is quadratic in them. */
const EDIT_LIMIT = 2000;
/** Bytes that are looked at to tell text from binary; git looks at as many. */
const LOOKED_AT = 8000;

/** Compares two contents line by line; undefined where one of them is no text. */
export function compareTexts(from: Buffer, to: Buffer): TextDifference | undefined {
  if (isBinary(from) || isBinary(to)) return undefined;
  const hunks = hunksBetween(from.toString('utf8'), to.toString('utf8'));
  const count = (sign: string): number =>
    hunks.flatMap((hunk) => hunk.lines).filter((line) => line.startsWith(sign)).length;
  return { hunks, added: count('+'), deleted: count('-') };
}

function hunksBetween(from: string, to: string): readonly TextHunk[] {
  const patch = structuredPatch('', '', from, to, undefined, undefined, {
    context: 3,
    maxEditLength: EDIT_LIMIT,
  });
  return patch?.hunks ?? [replaceAll(from, to)];
}

/** Texts too different to compare line by line: everything old goes, everything new comes. */
function replaceAll(from: string, to: string): TextHunk {
  const [old, now] = [linesOf(from), linesOf(to)];
  return {
    oldStart: 1,
    oldLines: old.length,
    newStart: 1,
    newLines: now.length,
    lines: [
      ...old.map((line) => `-${line}`),
      ...unended(from),
      ...now.map((line) => `+${line}`),
      ...unended(to),
    ],
  };
}

function unended(text: string): readonly string[] {
  return text === '' || text.endsWith('\n') ? [] : ['\\ No newline at end of file'];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Whether bytes are no text, as git tells. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, LOOKED_AT).includes(0);
}
