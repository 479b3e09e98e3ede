import { unquotedName } from '../trees/quoted-name.ts';
import { ownPath, rawPath } from '../trees/raw-text.ts';

/** What the program patch told while it applied one patch. */
export interface PatchOutput {
  /** Files that it worked on, in order; all names as in the program's own strings. */
  readonly files: readonly string[];
  /** Of these, those that no hunk fitted. */
  readonly unfit: readonly string[];
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

/** Reads the output of GNU patch (`LC_ALL=C`, `--quoting-style=c-maybe`). */
export function parsePatchOutput(text: string): PatchOutput {
  const files: string[] = [];
  const unfit: string[] = [];
  const renamed: string[] = [];
  const inexact: InexactHunk[] = [];
  const rejects: string[] = [];
  // What it passes over has a count of hunks, too, and no line that names it like others.
  let current: string | undefined;
  for (const line of text.split('\n')) {
    // "patching file NAME (renamed from OLD)", "patching symbolic link NAME"
    const [, file, how, old] =
      /^patching (?:file|symbolic link) (.*?)(?: \((renamed|copied) from (.*)\))?$/.exec(line) ?? [];
    if (file !== undefined) files.push((current = nameIn(file)));
    if (how === 'renamed' && old !== undefined) renamed.push(nameIn(old));
    if (/^(?:can't find file to patch|The next patch would) /.test(line)) current = undefined;
    const [, rejected, all] = /^(\d+) out of (\d+) hunks? (?:FAILED|ignored)/.exec(line) ?? [];
    if (rejected !== undefined && rejected === all && current !== undefined) unfit.push(current);
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
    if (reject !== undefined) rejects.push(nameIn(reject));
  }
  return { files, unfit, renamed, inexact, rejects };
}

const nameIn = (said: string): string => ownPath(unquotedName(rawPath(said)));
