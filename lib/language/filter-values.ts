/** `d.setVarFilter`: every value of a variable goes through an expression. */
import { VarveError } from '../terms/varve-error.ts';
import { askPython, placeOfFailure, sentenceOf } from './ask-python.ts';
import type { Expanded } from './datastore.ts';
import { touched, type State } from './state.ts';

/** Gives a variable a filter, an expression over `val`; undefined takes it away. */
export function setFilter(state: State, name: string, filter: string | undefined): void {
  touched(state, name);
  state.filters.set(name, filter ?? '');
}

/** Passes a value through the filter of its variable. */
export function filtered(state: State, name: string, expanded: Expanded): Expanded {
  const filter = state.filters.get(name.split(':', 1)[0] ?? name) ?? '';
  if (filter === '' || expanded.value === undefined || expanded.value === '') return expanded;
  // JSON is Python here: both are texts.
  const call = `bb.filter.apply_filters(${JSON.stringify(expanded.value)}, [${JSON.stringify(filter)}])`;
  const result = askPython(state.data, undefined, (python, view) => python.evaluate(call, view));
  if (result.ok) return { ...expanded, value: result.value };
  throw new VarveError(
    'metadata',
    `the filter ${filter} of ${name} fails with ${sentenceOf(result.failure)}`,
    placeOfFailure(result.failure, undefined),
  );
}
