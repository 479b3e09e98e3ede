import type { Datastore } from './datastore.ts';

/** Lists the variables that tasks find in their environment, in code-unit order; those without a value are left out. */
export function exportedVariables(data: Datastore): readonly string[] {
  return data.exported().filter((name) => data.getRaw(name) !== undefined);
}
