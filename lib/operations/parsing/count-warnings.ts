import type { Environment } from '../../language/environment.ts';
import { warnThrough, type Say } from '../../terms/say.ts';

export interface CountedWarnings {
  readonly warn: Environment['warn'];
  /** How many there were. */
  count(): number;
}

/** Counts the warnings of metadata and says each; what was said before is not said again. */
export function countWarnings(say: Say): CountedWarnings {
  const said = new Set<string>();
  let count = 0;
  const once = (line: string): void => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
  const warn = warnThrough(once);
  return {
    warn(text, place, level) {
      if (level !== 'error') count++;
      warn(text, place);
    },
    count: () => count,
  };
}
