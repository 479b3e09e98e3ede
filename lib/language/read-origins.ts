import { activeOverrides, isActive } from './active-overrides.ts';
import { lookUp, type State } from './state.ts';
import type { Origin } from './variable.ts';

/** Lists the statements that had a part in a value; those of an active override last, marked with it. */
export function readOrigins(state: State, name: string): readonly Origin[] {
  const own = lookUp(state, name)?.origins ?? [];
  const overriding = state.overrideNames.get(name) ?? [];
  if (overriding.length === 0) return own;
  const { set } = activeOverrides(state);
  const others = overriding
    .filter(({ override }) => isActive(set, override))
    .flatMap(({ name: longer, override }) =>
      (lookUp(state, longer)?.origins ?? [])
        .filter((origin) => origin.flag === undefined)
        .map((origin) => ({ ...origin, operation: `override[${override}]:${origin.operation}` })),
    );
  return [...own, ...others];
}
