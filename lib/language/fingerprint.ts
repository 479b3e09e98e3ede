import { createHash } from 'node:crypto';
import { byCodeUnit } from '../terms/ids.ts';
import type { LayeredMap } from './layered-map.ts';
import type { State } from './state.ts';

/**
 * Computes a SHA-256 over all that a datastore holds, places of statements included: whatever is read on top of one with
 * the same fingerprint comes out the same. Names in `without` are left out.
 */
export function fingerprint(state: State, without: ReadonlySet<string>): string {
  const sha256 = createHash('sha256');
  for (const name of [...state.variables.keys()].sort(byCodeUnit)) {
    const variable = without.has(name) ? undefined : state.variables.get(name);
    if (variable === undefined) continue;
    const { flags, weakFlags } = variable;
    sha256.update(JSON.stringify([name, { ...variable, flags: [...flags], weakFlags: [...weakFlags] }]));
  }
  const inOrder = <V>(map: LayeredMap<V>): readonly unknown[] =>
    [...map.keys()].sort(byCodeUnit).map((name) => [name, map.get(name)]);
  const rest = [inOrder(state.filters), inOrder(state.overrideNames), state.data.book];
  return sha256.update(JSON.stringify(rest)).digest('hex');
}
