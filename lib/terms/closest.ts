import { distance } from 'fastest-levenshtein';
import { byCodeUnit } from './ids.ts';

/** Finds the name that was most likely meant; undefined where none is near. */
export function closest(typed: string, names: Iterable<string>): string | undefined {
  // Two letters swapped count as two; a name of three letters would then be any other.
  const limit = typed.length <= 3 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  const near = [...names]
    .map((name) => ({ name, steps: name.startsWith(typed) ? 1 : distance(typed, name) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps || byCodeUnit(a.name, b.name));
  return near[0]?.name;
}
