import { distance } from 'fastest-levenshtein';
import { byCodeUnit } from './ids.ts';

/** Finds the name that was most likely meant; undefined where none is near. */
export function closest(typed: string, names: Iterable<string>): string | undefined {
  // Every name begins with nothing.
  if (typed === '') return undefined;
  // Two letters swapped count as two; a name of three letters would then be any other.
  const limit = typed.length <= 3 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  const near = [...names]
    .map((name) => ({ name, steps: isAlike(typed, name) ? 1 : distance(typed, name) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps || byCodeUnit(a.name, b.name));
  return near[0]?.name;
}

/** Begun and not ended, or in other letters: `zl` and `ZLIB` are both `zlib`. */
function isAlike(typed: string, name: string): boolean {
  return name.startsWith(typed) || name.toLowerCase() === typed.toLowerCase();
}
