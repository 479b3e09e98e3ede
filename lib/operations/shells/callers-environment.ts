import type { World } from '../../ports/world.ts';

/** The environment of whoever called varve, for a command of their own; no task ever has it. */
export function callersEnvironment({ env }: Pick<World, 'env'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
