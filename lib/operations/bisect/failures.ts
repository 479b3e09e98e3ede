/** What could not be built in the scratch build directory, kept beside it: a search that begins again builds none of it anew. */
import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import type { Signature } from '../../terms/ids.ts';

/** By the key of what was to be made: the same key, the same inputs. */
export interface Failures {
  /** Whether nothing is known to fail. */
  isEmpty(): boolean;
  /** Why it could not be built. */
  find(key: Signature): string | undefined;
  keep(key: Signature, why: string): void;
}

/** Opens what is kept in a directory; `again`: it is forgotten, and all is built anew. */
export function openFailures(
  { fs }: Pick<World, 'fs'>,
  dir: string,
  { again }: { readonly again: boolean },
): Failures {
  const path = join(dir, 'failures');
  if (again) fs.rmSync(path, { force: true });
  const known = readLines(fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : '');
  return {
    isEmpty: () => known.size === 0,
    find: (key) => known.get(key),
    keep(key, why) {
      known.set(key, why);
      fs.appendFileSync(path, `\n${JSON.stringify({ key, why })}`);
    },
  };
}

/** A line that was cut off is none. */
function readLines(text: string): Map<Signature, string> {
  const known = new Map<Signature, string>();
  for (const line of text.split('\n')) {
    const [, key, why] = /^\{"key":"([0-9a-f]{64})","why":("(?:[^"\\]|\\.)*")\}$/.exec(line) ?? [];
    if (key !== undefined && why !== undefined) known.set(key as Signature, JSON.parse(why) as string);
  }
  return known;
}
