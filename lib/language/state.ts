/** The inside of a datastore. Only the files beside it touch it. */
import type { Datastore, Expanded } from './datastore.ts';
import type { Environment } from './environment.ts';
import { createLayeredMap, type LayeredMap } from './layered-map.ts';
import type { Variable } from './variable.ts';

/** A name with a suffix: `CFLAGS:arm` hangs on the override `arm`. */
export interface OverrideName {
  readonly name: string;
  readonly override: string;
}

export interface ActiveOverrides {
  /** Weakest first. */
  readonly list: readonly string[];
  readonly set: ReadonlySet<string>;
}

interface Shared {
  readonly environment: Environment;
  readonly variables: LayeredMap<Variable>;
  /** By the name without the suffix. */
  readonly overrideNames: LayeredMap<readonly OverrideName[]>;
  /** Every single override that stands in a suffix somewhere. */
  readonly suffixes: LayeredMap<true>;
  /** Names that hold `${`. */
  readonly keysToExpand: LayeredMap<true>;
  /** Expressions that values go through, by name; '': none any more. */
  readonly filters: LayeredMap<string>;
  /** Names that have, or had, an `[export]` flag. */
  readonly exportNames: LayeredMap<true>;
  /** Undefined: to be worked out when next needed. */
  active: ActiveOverrides | undefined;
  /** Names that had a part in working out OVERRIDES: writing to one of them undoes `active`. */
  readForOverrides: Set<string>;
  generation: number;
}

export interface State extends Shared {
  /** Expanded values; dropped at each write. */
  cache: Map<string, Expanded>;
  /** True while OVERRIDES is worked out: names read meanwhile are kept. */
  watching: boolean;
  /** Names being expanded, outermost first. */
  expanding: string[];
  /** The face of this state: what expansion asks for values. */
  data: Datastore;
  copy(): State;
}

/** Makes the state of an empty datastore. */
export function createState(environment: Environment): State {
  return stateFrom({
    environment,
    variables: createLayeredMap(),
    overrideNames: createLayeredMap(),
    suffixes: createLayeredMap(),
    keysToExpand: createLayeredMap(),
    filters: createLayeredMap(),
    exportNames: createLayeredMap(),
    active: undefined,
    readForOverrides: new Set(),
    generation: 0,
  });
}

function stateFrom(shared: Shared): State {
  const state: State = {
    cache: new Map(),
    watching: false,
    expanding: [],
    // Put in by the datastore that is made of this state, before anything is asked.
    data: undefined as unknown as Datastore,
    copy: () =>
      stateFrom({
        environment: state.environment,
        variables: state.variables.copy(),
        overrideNames: state.overrideNames.copy(),
        suffixes: state.suffixes.copy(),
        keysToExpand: state.keysToExpand.copy(),
        filters: state.filters.copy(),
        exportNames: state.exportNames.copy(),
        active: state.active,
        readForOverrides: state.readForOverrides,
        generation: state.generation,
      }),
    // Last: an object to which something is added after a spread is left to full collections by V8.
    ...shared,
  };
  return state;
}

/** Looks a name up, no rule applied. */
export function lookUp(state: State, name: string): Variable | undefined {
  if (state.watching) state.readForOverrides.add(name);
  return state.variables.get(name);
}

/** Forgets what a write to `name` may have changed. */
export function touched(state: State, name: string): void {
  state.generation++;
  if (state.cache.size > 0) state.cache = new Map();
  if (state.active !== undefined && state.readForOverrides.has(name)) state.active = undefined;
}
