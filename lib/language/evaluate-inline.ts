import { VarveError, type Place } from '../terms/varve-error.ts';
import { askPython, placeOfFailure, sentenceOf } from './ask-python.ts';
import type { Datastore } from './datastore.ts';
import { memoryOf } from './environment.ts';
import { evaluatePython } from './inline-python.ts';
import { parseExpression, type ParsedExpression } from './python-syntax.ts';
import { BeyondFastPath, PythonRaised, toText } from './python-values.ts';

/** What an expression belongs to, for errors. */
export interface Belongs {
  /** The variable whose value it is part of. */
  readonly of?: string;
  readonly place?: Place;
}

/**
 * Evaluates the Python of one `${@…}`: here where that is enough, else in Python. Undefined: its text ends inside a
 * string, and BitBake leaves the whole value as it stands.
 */
export function evaluateInline(data: Datastore, code: string, belongs: () => Belongs): string | undefined {
  const parsed = parsedExpression(data, code);
  if (parsed.kind === 'unterminated') return undefined;
  if (parsed.kind === 'expression') {
    try {
      return toText(evaluatePython(parsed.expression, data));
    } catch (error) {
      if (error instanceof PythonRaised) throw failed(code, `${error.type}: ${error.message}`, belongs());
      if (!(error instanceof BeyondFastPath)) throw error;
    }
  }
  const { place, ...rest } = belongs();
  const result = askPython(data, place, (python, pythonData) => python.evaluate(code.trim(), pythonData));
  if (result.ok) return result.value;
  throw failed(code, sentenceOf(result.failure), { ...rest, ...placeOfFailure(result.failure, place) });
}

function parsedExpression(data: Datastore, code: string): ParsedExpression {
  const { expressions } = memoryOf(data.environment);
  const known = expressions.get(code);
  if (known !== undefined) return known;
  const parsed = parseExpression(code.trim());
  expressions.set(code, parsed);
  return parsed;
}

function failed(code: string, why: string, { of, place }: Belongs): VarveError {
  const where = of === undefined ? '' : ` in ${of}`;
  return new VarveError(
    'metadata',
    `\${@${code}}${where} fails with ${why}`,
    place === undefined ? {} : { place: { about: `\${@${code}}`, ...place } },
  );
}
