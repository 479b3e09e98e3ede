import type { TextHunk } from './compare-texts.ts';

/** Writes a hunk as git does, and as `patch` reads it: its ranges, then its lines. */
export function hunkLines(hunk: TextHunk): readonly string[] {
  const [old, now] = [range(hunk.oldStart, hunk.oldLines), range(hunk.newStart, hunk.newLines)];
  return [`@@ -${old} +${now} @@`, ...hunk.lines];
}

/** A side without lines is named by the line before it: 0 for an empty file. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start}${lines === 1 ? '' : `,${lines}`}`;
}
