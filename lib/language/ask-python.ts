import type { Python, PythonData, PythonFailure, PythonResult, PythonText } from '../ports/python.ts';
import { VarveError, type ErrorDetails, type Place, type Step } from '../terms/varve-error.ts';
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

/** Has Python read a block; throws where it cannot. Where there is no Python, nothing is said. */
export function tryDefinition(data: Datastore, block: PythonText): void {
  let python: Python;
  try {
    python = data.environment.python();
  } catch (error) {
    if (error instanceof VarveError) return;
    throw error;
  }
  defineIn(python, block);
}

/** Runs the body of a Python function. Throws where Python raises. */
export function runPythonFunction(
  data: Datastore,
  { name, body, place }: { readonly name: string; readonly body: string; readonly place: Place },
): void {
  const text = { name, text: body, file: place.file, line: place.line ?? 1 };
  const result = askPython(data, place, (python, view) => python.execute(text, view));
  if (result.ok) return;
  const what = name.startsWith('__anon_') ? 'an anonymous function' : name;
  throw refuseFailure(result.failure, { what, place });
}

/** Makes the error of a function that failed. What `bb.fatal` says is the recipe's own sentence. */
export function refuseFailure(
  failure: PythonFailure,
  { what, place }: { readonly what: string; readonly place: Place },
): VarveError {
  const said = sentenceOf(failure);
  const message = isFatal(failure) ? said : `${what} fails with ${said}`;
  return new VarveError('metadata', message, placeOfFailure(failure, place));
}

/** Writes what Python raised: its name and message, of `bb.fatal` the message alone. */
export function sentenceOf(failure: PythonFailure): string {
  const { type, message } = failure;
  if (isFatal(failure)) return message === '' ? 'a fatal error' : message;
  // As Python and BitBake name them: the modules of bb are of no interest.
  const name = type.replace(/^bb\.(?:\w+\.)*/, '');
  return message === '' ? name : `${name}: ${message}`;
}

/** Tells where it went wrong: the innermost line of a recipe or class, and the way there; else `place`. */
export function placeOfFailure(
  { frames }: PythonFailure,
  place: Place | undefined,
): Pick<ErrorDetails, 'place'> {
  const outer = frames.map(({ file, line }): Place => ({ file, line }));
  const innermost = outer.pop();
  if (innermost === undefined) return place === undefined ? {} : { place };
  const from = [...(place?.line === undefined || frames[0]?.file === place.file ? [] : [place]), ...outer];
  const via = from.toReversed().map(({ file, line }): Step => ({ how: 'called', file, line: line ?? 1 }));
  return { place: { ...innermost, ...(via.length === 0 ? {} : { via }) } };
}

function isFatal({ type }: PythonFailure): boolean {
  return type === 'bb.BBHandledException';
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
    defineIn(python, { name, text, file, line });
    memory.defined.set(name, text);
  }
  memory.definitions = definitions;
}

function defineIn(python: Python, block: PythonText): void {
  const result = python.define(block);
  if (result.ok) return;
  const { failure } = result;
  throw new VarveError(
    'metadata',
    `the Python function ${block.name} cannot be read: ${sentenceOf(failure)}`,
    placeOfFailure(failure, { file: block.file, line: block.line }),
  );
}
