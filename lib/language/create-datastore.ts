import { byCodeUnit } from '../terms/ids.ts';
import { activeOverrides } from './active-overrides.ts';
import type { Value } from '../ports/python.ts';
import { emptyBook, type Bookkeeping } from './bookkeeping.ts';
import type { Datastore, Expanded } from './datastore.ts';
import type { Environment } from './environment.ts';
import { expandText } from './expand-text.ts';
import { setFilter } from './filter-values.ts';
import { fingerprint } from './fingerprint.ts';
import { exportedNames, isKnown, knownNames } from './known-names.ts';
import { readOrigins } from './read-origins.ts';
import {
  allFlagNames,
  expandedFlag,
  expandedValue,
  flagContent,
  flagNames,
  rawFlag,
  rawValue,
  visibleFlags,
} from './read-values.ts';
import { textOf } from './variable.ts';
import { createState, lookUp, type State } from './state.ts';
import { removeFlag, setFlag } from './write-flags.ts';
import { assign, assignWeakly, remove, rename, set } from './write-values.ts';

/** Makes an empty datastore. */
export function createDatastore(environment: Environment): Datastore {
  return datastoreOf(createState(environment), emptyBook);
}

/** One literal without getters, however long: V8 would leave such objects to full collections. */
function datastoreOf(state: State, book: Bookkeeping): Datastore {
  const data: Datastore & { book: Bookkeeping } = {
    environment: state.environment,
    book,
    note: (change) => void (data.book = { ...data.book, ...change }),
    get: (name) => expandedValue(state, name).value,
    getRaw: (name) => textOf(rawValue(state, name)),
    value: (name, { expand }) => (expand ? wholeOf(expandedValue(state, name)) : rawValue(state, name)),
    content: (name) => textOf(lookUp(state, name)?.content),
    expand: (text, where) => expandText(state, text, where === undefined ? {} : { where }).value,
    flag: (name, flag) => expandedFlag(state, name, flag).value,
    rawFlag: (name, flag) => textOf(rawFlag(state, name, flag)),
    flagValue: (name, flag, { expand }) =>
      expand ? wholeOf(expandedFlag(state, name, flag)) : rawFlag(state, name, flag),
    flagContent: (name, flag) => flagContent(state, name, flag),
    flags: (name) => visibleFlags(state, name),
    flagNames: (name) => flagNames(state, name),
    allFlagNames: (name) => allFlagNames(state, name),
    has: (name) => isKnown(state, name),
    names: () => knownNames(state),
    namesToExpand: () =>
      [...state.keysToExpand.keys()].filter((name) => isKnown(state, name)).sort(byCodeUnit),
    exported: () => exportedNames(state),
    origins: (name) => readOrigins(state, name),
    overrides: () => activeOverrides(state).list,
    hasOverrides: (name) => (state.overrideNames.get(name)?.length ?? 0) > 0,
    knowsOverride: (override) => state.suffixes.get(override) !== undefined,
    traceText: (text) => ({ ...expandText(state, text, {}), removed: new Set() }),
    trace: (name, flag) =>
      flag === undefined ? expandedValue(state, name) : expandedFlag(state, name, flag),
    set: (name, value, origin) => set(state, name, { value, origin }),
    assign: (name, value, origin) => assign(state, name, { value, origin }),
    assignWeakly: (name, value, origin) => assignWeakly(state, name, { value, origin }),
    delete: (name, origin) => remove(state, name, origin),
    rename: (from, to) => rename(state, from, to),
    setFlag: (name, flag, value, origin) => setFlag(state, name, { flag, value, origin, weak: false }),
    setFlagWeakly: (name, flag, value, origin) => setFlag(state, name, { flag, value, origin, weak: true }),
    setFilter: (name, filter) => setFilter(state, name, filter),
    deleteFlag: (name, flag, origin) => removeFlag(state, name, { flag, origin }),
    copy: () => datastoreOf(state.copy(), data.book),
    withTask: (task) => withTask(data, task),
    generation: () => state.generation,
    fingerprint: (without) => fingerprint(state, without),
  };
  state.data = data;
  return data;
}

function wholeOf({ value, foreign }: Expanded): Value | undefined {
  return foreign ?? value;
}

function withTask(data: Datastore, task: string): Datastore {
  const copy = data.copy();
  copy.set('OVERRIDES', `${taskOverride(task)}:${data.getRaw('OVERRIDES') ?? ''}`);
  return copy;
}

/** Names the override that is active while a task runs: `task-populate-sysroot`. */
export function taskOverride(task: string): string {
  return `task-${task.replace(/^do_/, '').replaceAll('_', '-')}`;
}
