import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';

/** Zeros in shorter runs are written as they are: a hole costs a call of its own. */
const RUN = 1 << 15;
const ZEROS = Buffer.alloc(RUN);

/** Fills an empty file. Long runs of zeros are left out, as holes: a sparse file takes no more room than it did. */
export function writeContent(fs: FileSystem, fd: number, content: BlobContent): void {
  let [at, written] = [0, 0];
  const put = (bytes: Uint8Array, position: number): void => {
    writeWhole(fs, fd, bytes, position);
    written = position + bytes.length;
  };
  for (const piece of content.pieces()) {
    for (const [start, end] of runsOfContent(piece)) put(piece.subarray(start, end), at + start);
    at += piece.length;
  }
  // A hole at the end needs a byte behind it.
  if (written < at) put(ZEROS.subarray(0, 1), at - 1);
}

/** What of a piece lies between long runs of zeros, as pairs of start and end. */
function runsOfContent(piece: Uint8Array): readonly (readonly [number, number])[] {
  if (piece.length < RUN) return piece.length === 0 ? [] : [[0, piece.length]];
  const runs: [number, number][] = [];
  for (let start = 0; start < piece.length; start += RUN) {
    const end = Math.min(start + RUN, piece.length);
    const last = runs.at(-1);
    if (ZEROS.subarray(0, end - start).equals(piece.subarray(start, end))) continue;
    if (last?.[1] === start) last[1] = end;
    else runs.push([start, end]);
  }
  return runs;
}
