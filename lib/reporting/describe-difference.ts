/** What two texts differ in, on one line of a length that can be read. */
import { compareTexts } from '../trees/compare-texts.ts';

/** A text of several lines: how many of them changed, and the first that did. */
export function describeLines(from: string, to: string): string {
  const texts = compareTexts(Buffer.from(from), Buffer.from(to));
  if (texts === undefined) return 'its text changed';
  const lines = texts.hunks.flatMap((hunk) => hunk.lines);
  const first = (sign: string): string | undefined =>
    lines
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1).trim())
      .find((line) => line !== '');
  const [old, now] = [first('-'), first('+')];
  const count = texts.added + texts.deleted > 2 ? `+${texts.added} -${texts.deleted}, ` : '';
  if (old !== undefined && now !== undefined) return `${count}${describeValues(old, now)}`;
  return count + (now === undefined ? `no longer ${shown(old)}` : `now ${shown(now)}`);
}

/** Writes `"old" → "new"`; of a long value to which words came, or which lost some, these: `now also "new"`. */
export function describeValues(from: string, to: string): string {
  const [old, now] = difference(from, to);
  if (old === '' && from.trim() !== '') return `now also ${shown(now)}`;
  if (now === '' && to.trim() !== '') return `no longer ${shown(old)}`;
  return `${shown(old)} → ${shown(now)}`;
}

/** Long values that differ in a few words: only the words that differ, so that the line can be read. */
function difference(from: string, to: string): readonly [string, string] {
  if (from.length + to.length < 120) return [from, to];
  const [old, now] = [from.trim().split(/\s+/), to.trim().split(/\s+/)];
  const [left, right] = [without(old, now), without(now, old)];
  return left + right === '' ? [from, to] : [left, right];
}

/** The words that are not among the others; `…` where some between them are. */
function without(words: readonly string[], others: readonly string[]): string {
  const own = [...words.entries()].filter(([, word]) => !others.includes(word));
  return own.map(([at, word], i) => (i === 0 || own[i - 1]?.[0] === at - 1 ? word : `… ${word}`)).join(' ');
}

/** Quotes a value on one line, of a length that can be read; ids by their first digits. */
export function shown(value: string | undefined): string {
  const text = (value ?? '')
    .replaceAll(/\n_remove of /g, ' :remove ')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');
  return `"${text.length > 70 ? `${text.slice(0, 69)}…` : text}"`;
}
