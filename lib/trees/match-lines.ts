import { diffArrays } from 'diff';

/** Edits beyond which two texts are matched by their ends only. */
const EDIT_LIMIT = 2000;

/** Finds for each line of `to` the line of `from` that it is; undefined for a line that is new. */
export function matchLines(from: readonly string[], to: readonly string[]): readonly (number | undefined)[] {
  const matches = Array.from<number | undefined>({ length: to.length });
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) {
    matches[head] = head;
    head += 1;
  }
  let tail = 0;
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) {
    tail += 1;
    matches[to.length - tail] = from.length - tail;
  }
  const middle = diffArrays(from.slice(head, from.length - tail), to.slice(head, to.length - tail), {
    maxEditLength: EDIT_LIMIT,
  });
  let [old, now] = [head, head];
  for (const { added, removed, count } of middle ?? []) {
    if (!added && !removed) for (let i = 0; i < count; i += 1) matches[now + i] = old + i;
    if (!added) old += count;
    if (!removed) now += count;
  }
  return matches;
}
