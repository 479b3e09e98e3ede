import type { Environment } from '../../language/environment.ts';
import { warnThrough, type Say } from '../../terms/say.ts';

export interface CountedWarnings {
  readonly warn: Environment['warn'];
  /** How many there were. */
  count(): number;
}

/** Counts the warnings of metadata and says each; what was said before is not said again. */
export function countWarnings(say: Say): CountedWarnings {
  let count = 0;
  const warn = warnThrough(say);
  return {
    warn(text, place, level) {
      if (level !== 'error') count++;
      warn(text, place);
    },
    count: () => count,
  };
}
