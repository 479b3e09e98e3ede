import type { PythonData } from '../ports/python.ts';
import type { Place } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import type { Origin } from './variable.ts';

/**
 * Shows a datastore as Python's `d`. What BitBake keeps in lists is text here, words with a space between: `__BBTASKS`,
 * `__inherit_cache`, `__BBHANDLERS` and the flag `deps`.
 */
export function pythonView(data: Datastore, place: Place | undefined): PythonData {
  const origin = (operation: string, detail: string): Origin | undefined =>
    place === undefined ? undefined : { file: place.file, line: place.line ?? 1, operation, detail };
  return {
    get: (name, expand) => lists(data, name) ?? (expand ? data.get(name) : data.getRaw(name)),
    set(name, value) {
      if (name === '__BBTASKS') data.note({ tasks: splitWords(value) });
      else if (value === undefined) data.delete(name, origin('delVar', ''));
      else data.set(name, value, origin('setVar', value));
    },
    append: (name, value, where) => data.assign(`${name}:${where}`, value, origin(where, value)),
    flag: (name, flag, expand) => (expand ? data.flag(name, flag) : data.rawFlag(name, flag)),
    setFlag(name, flag, value) {
      if (value === undefined) data.deleteFlag(name, flag, origin('delVarFlag', ''));
      else data.setFlag(name, flag, value, origin('setVarFlag', value));
    },
    flags: (name) =>
      Object.fromEntries(data.flagNames(name).map((flag) => [flag, data.rawFlag(name, flag) ?? ''])),
    rename: (from, to) => data.rename(from, to),
    expand: (text) => data.expand(text),
    names: () => data.names(),
    copy: () => pythonView(data.copy(), place),
    warn: (text) => data.environment.warn(text, place),
  };
}

function lists(data: Datastore, name: string): string | undefined {
  if (name === '__BBTASKS') return data.book.tasks.join(' ');
  if (name === '__inherit_cache') return data.book.inherited.join(' ');
  if (name === '__BBHANDLERS') return data.book.handlers.join(' ');
  return undefined;
}
