import { VarveError } from '../terms/varve-error.ts';
import type { ActiveOverrides, State } from './state.ts';
import type { Late } from './variable.ts';

const none: ActiveOverrides = { list: [], set: new Set() };
/** How often OVERRIDES may change when read under what it said the last time. */
const mostRounds = 5;

/**
 * Works out OVERRIDES. Its value may depend on overridden variables, so it is read under no override first, then under
 * what it said, until it says the same twice.
 */
export function activeOverrides(state: State): ActiveOverrides {
  if (state.active !== undefined) return state.active;
  const { expanding, watching } = state;
  state.expanding = [];
  state.watching = true;
  state.readForOverrides = new Set(['OVERRIDES']);
  try {
    state.active = settled(state);
    return state.active;
  } catch (error) {
    state.active = undefined;
    throw error;
  } finally {
    state.expanding = expanding;
    state.watching = watching;
    state.cache = new Map();
  }
}

function settled(state: State): ActiveOverrides {
  let current = readUnder(state, none);
  for (let round = 0; round < mostRounds; round++) {
    const next = readUnder(state, current);
    if (next.list.join(':') === current.list.join(':')) return next;
    current = next;
  }
  throw new VarveError(
    'metadata',
    'OVERRIDES depends on variables that it changes, and never comes to rest',
    {
      hints: [`it last said ${current.list.join(':')}`],
    },
  );
}

function readUnder(state: State, active: ActiveOverrides): ActiveOverrides {
  state.active = active;
  state.cache = new Map();
  const list = (state.data.get('OVERRIDES') ?? '').split(':');
  return { list, set: new Set(list) };
}

/** Finds the name whose value stands for `name`: `CFLAGS:arm` where `arm` is the strongest override that it has. */
export function overridingName(state: State, name: string): string | undefined {
  const candidates = state.overrideNames.get(name);
  if (candidates === undefined || candidates.length === 0) return undefined;
  const { list, set } = activeOverrides(state);
  const active = new Map<string, string>();
  for (const candidate of candidates) {
    if (isActive(set, candidate.override)) active.set(candidate.override, candidate.name);
  }
  return active.size === 0 ? undefined : strongest(list, active);
}

/** Tells whether an override, or each part of `arm:linux`, is active. */
export function isActive(set: ReadonlySet<string>, override: string): boolean {
  if (set.has(override)) return true;
  return override.includes(':') && override.split(':').every((part) => set.has(part));
}

/**
 * Goes through the overrides from the weakest; a match replaces an earlier one, and `a:b` loses its last part when that
 * comes up, to be looked at again as `a`.
 */
function strongest(list: readonly string[], active: Map<string, string>): string | undefined {
  let match: string | undefined;
  let shortened = true;
  while (shortened) {
    shortened = false;
    for (const override of list) {
      // What becomes shorter here is looked at again in the next round only.
      const keys = [...active.keys()];
      for (const key of keys) {
        const name = active.get(key);
        if (key.endsWith(`:${override}`)) {
          active.delete(key);
          active.set(key.replaceAll(`:${override}`, ''), name ?? '');
          shortened = true;
        } else if (key === override) {
          active.delete(key);
          match = name;
        }
      }
    }
  }
  return match;
}

/** Tells whether a late operation takes effect. */
export function applies(state: State, late: Late): boolean {
  if (late.overrides === '') return true;
  const { set } = activeOverrides(state);
  return late.overrides.split(':').every((part) => set.has(part));
}
