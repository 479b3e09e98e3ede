import type { Python, PythonData, PythonResult } from '../ports/python.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { memoryOf } from './environment.ts';
import { pythonView } from './python-view.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

/**
 * Has Python do something with a recipe's functions known to it. A recipe that skips itself is a RecipeSkipped; what
 * else Python raises is in the answer.
 */
export function askPython(
  data: Datastore,
  place: Place | undefined,
  ask: (python: Python, view: PythonData) => PythonResult,
): PythonResult {
  const python = started(data, place);
  define(data, python);
  const result = ask(python, pythonView(data, place));
  if (!result.ok && /(?:^|\.)Skip(?:Recipe|Package)$/.test(result.failure.type)) {
    throw new RecipeSkipped(result.failure.message);
  }
  return result;
}

/** Runs the body of a Python function. Throws where Python raises. */
export function runPythonFunction(
  data: Datastore,
  { body, place }: { readonly body: string; readonly place: Place },
): void {
  const at = { file: place.file, line: place.line ?? 1 };
  const result = askPython(data, place, (python, view) => python.execute(body, view, at));
  if (result.ok) return;
  const { type, message, line } = result.failure;
  const file = place.file;
  throw new VarveError('metadata', `a Python function fails with ${type}: ${message}`, {
    place: line === undefined ? place : { file, line: at.line + line },
  });
}

function started(data: Datastore, place: Place | undefined): Python {
  try {
    return data.environment.python();
  } catch (error) {
    if (!(error instanceof VarveError) || error.place !== undefined || place === undefined) throw error;
    throw new VarveError(error.fault, error.message, { place, hints: error.hints, cause: error.cause });
  }
}

/** Python's functions are known to all recipes: those of this one are put in force. */
function define(data: Datastore, python: Python): void {
  const memory = memoryOf(data.environment);
  const { definitions } = data.book;
  if (memory.definitions === definitions) return;
  const wanted = new Map(definitions.map((definition) => [definition.name, definition]));
  for (const { name, text, file, line } of wanted.values()) {
    if (memory.defined.get(name) === text) continue;
    const result = python.define(text, { file, line });
    if (!result.ok) {
      const { type, message, line: at } = result.failure;
      throw new VarveError('metadata', `the Python function ${name} cannot be read: ${type}: ${message}`, {
        place: { file, line: line + (at ?? 0) },
      });
    }
    memory.defined.set(name, text);
  }
  memory.definitions = definitions;
}
