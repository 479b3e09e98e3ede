import { matchLines } from './match-lines.ts';

/** Three states of one text. */
export interface TextStates {
  /** What both others were made of. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Makes in `theirs` what was changed between `base` and `ours`; undefined where both changed the same lines. */
export function mergeTexts({ base, ours, theirs }: TextStates): string | undefined {
  const [old, mine, other] = [linesOf(base), linesOf(ours), linesOf(theirs)];
  const inOurs = whereTo(matchLines(old, mine));
  const inTheirs = whereTo(matchLines(old, other));
  const merged: string[] = [];
  let from = { old: 0, mine: 0, other: 0 };
  for (let line = 0; line <= old.length; line += 1) {
    const isEnd = line === old.length;
    const [at, there] = isEnd ? [mine.length, other.length] : [inOurs.get(line), inTheirs.get(line)];
    if (at === undefined || there === undefined) continue;
    const before = old.slice(from.old, line).join('');
    const here = mine.slice(from.mine, at).join('');
    const elsewhere = other.slice(from.other, there).join('');
    if (here !== before && elsewhere !== before && here !== elsewhere) return undefined;
    merged.push(here === before ? elsewhere : here, old[line] ?? '');
    from = { old: line + 1, mine: at + 1, other: there + 1 };
  }
  return merged.join('');
}

/** With their ends. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** Turned round: by line of the first text the line of the second. */
function whereTo(matches: readonly (number | undefined)[]): ReadonlyMap<number, number> {
  return new Map(matches.flatMap((from, to) => (from === undefined ? [] : [[from, to] as const])));
}
