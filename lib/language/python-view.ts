import type { Frame, PythonData, Value } from '../ports/python.ts';
import type { Place } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import { shellFunctions } from './shell-functions.ts';
import { textOf, type Origin } from './variable.ts';

/** Shows a datastore as Python's `d`. What BitBake keeps in lists is a list there, and words with a space between here. */
export function pythonView(data: Datastore, place: Place | undefined): PythonData {
  const origin = (operation: string, value: Value, at: Frame | undefined): Origin | undefined => {
    const { file, line = 1 } = at ?? place ?? {};
    return file === undefined ? undefined : { file, line, operation, detail: textOf(value) ?? 'None' };
  };
  return {
    get: (name, expand) => bookOf(data, name) ?? data.value(name, { expand }),
    set(name, value, at) {
      if (name === '__BBTASKS') data.note({ tasks: splitWords(textOf(value)) });
      else data.set(name, value, origin('setVar', value, at));
    },
    delete: (name, at) => data.delete(name, origin('delVar', '', at)),
    append: (name, value, { where, at }) => data.assign(`${name}:${where}`, value, origin(where, value, at)),
    flag: (name, flag, expand) => asFlag(flag, data.flagValue(name, flag, { expand })),
    setFlag: (name, flag, { value, at }) => data.setFlag(name, flag, value, origin('setVarFlag', value, at)),
    deleteFlag: (name, flag, at) => data.deleteFlag(name, flag, origin('delVarFlag', '', at)),
    flags: (name) =>
      Object.fromEntries(
        data
          .allFlagNames(name)
          .filter((flag) => !flag.startsWith('_'))
          .map((flag) => [flag, asFlag(flag, data.flagValue(name, flag, { expand: false })) ?? '']),
      ),
    hasOverrides: (name) => data.hasOverrides(name),
    handlers: () => data.book.registered,
    shellFunctions: (name) =>
      Object.fromEntries(shellFunctions(data, name).map((one) => [one, data.get(one) ?? ''])),
    setFilter: (name, filter) => data.setFilter(name, filter),
    rename: (from, to) => data.rename(from, to),
    expand: (text) => data.expand(text),
    names: () => data.names(),
    copy: () => pythonView(data.copy(), place),
    warn: (text, level, at) =>
      data.environment.warn(level === 'error' ? `ERROR: ${text}` : text, at ?? place, level),
  };
}

function bookOf({ book }: Datastore, name: string): Value | undefined {
  if (name === '__BBTASKS') return listOrNone(book.tasks);
  if (name === '__inherit_cache') return listOrNone(book.inherited);
  if (name === '__BBHANDLERS') return listOrNone(book.handlers);
  return undefined;
}

/** Where BitBake has nothing yet, there is no list. */
function listOrNone(words: readonly string[]): Value | undefined {
  return words.length === 0 ? undefined : listOf(words);
}

function listOf(words: readonly string[]): Value {
  return { text: words.join(' '), code: JSON.stringify(words) };
}

/** What the engine keeps in flags is no text there. */
function asFlag(flag: string, value: Value | undefined): Value | undefined {
  if (typeof value !== 'string') return value;
  if (flag === 'deps') return listOf(splitWords(value));
  const isNumber = ['func', 'handler', 'lineno', 'task'].includes(flag) && /^\d+$/.test(value);
  return isNumber ? { text: value, code: value } : value;
}
