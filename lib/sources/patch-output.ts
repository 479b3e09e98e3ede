/** What the program patch told while it applied one patch. */
export interface PatchOutput {
  /** Files that it worked on, in order. */
  readonly files: readonly string[];
  /** Names that it gave other ones to. */
  readonly renamed: readonly string[];
  /** Hunks that fitted only after a shift, or after ignoring lines around them. */
  readonly inexact: readonly InexactHunk[];
  /** Files that hunks were rejected of. */
  readonly rejects: readonly string[];
}

export interface InexactHunk {
  readonly file: string;
  readonly hunk: number;
  /** Lines of context that had to be ignored. */
  readonly fuzz: number;
  /** Lines by which it had moved. */
  readonly offset: number;
}

/** Reads the output of GNU patch (`LC_ALL=C`, `--quoting-style=literal`). */
export function parsePatchOutput(text: string): PatchOutput {
  const files: string[] = [];
  const renamed: string[] = [];
  const inexact: InexactHunk[] = [];
  const rejects: string[] = [];
  for (const line of text.split('\n')) {
    // "patching file NAME (renamed from OLD)", "patching symbolic link NAME"
    const [, file, how, old] =
      /^patching (?:file|symbolic link) (.*?)(?: \((renamed|copied) from (.*)\))?$/.exec(line) ?? [];
    if (file !== undefined) files.push(file);
    if (how === 'renamed' && old !== undefined) renamed.push(old);
    const hunk = /^Hunk #(\d+) succeeded at \d+(?: with fuzz (\d+))?(?: \(offset (-?\d+) lines?\))?\.$/.exec(
      line,
    );
    if (hunk !== null && (hunk[2] ?? hunk[3]) !== undefined) {
      const [, number = '0', fuzz = '0', offset = '0'] = hunk;
      inexact.push({
        file: files.at(-1) ?? '',
        hunk: Number(number),
        fuzz: Number(fuzz),
        offset: Number(offset),
      });
    }
    const reject = /-- saving rejects to file (.*)$/.exec(line)?.[1];
    if (reject !== undefined) rejects.push(reject);
  }
  return { files, renamed, inexact, rejects };
}
