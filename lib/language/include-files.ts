import { dirname, isAbsolute, join } from 'node:path/posix';
import { VarveError } from '../terms/varve-error.ts';
import { grammarOf } from './parse-file.ts';
import { splitWords } from './python-values.ts';
import { onBehalfOf, placeOfSpot, type Reading } from './reading.ts';
import type { IncludeStatement } from './statements.ts';

/** Carries out `include`, `require` or `include_all`. */
export function includeFiles(reading: Reading, statement: IncludeStatement): void {
  const { data } = reading;
  const names = splitWords(data.expand(statement.what, statement));
  for (const name of names) {
    if (statement.how !== 'include_all') {
      includeOne(reading, name, statement);
      continue;
    }
    for (const path of (data.get('BBPATH') ?? '').split(':'))
      includeOne(reading, join(path, name), statement);
  }
}

function includeOne(reading: Reading, name: string, statement: IncludeStatement): void {
  const { data, environment, files } = reading;
  // A file that includes itself would do so for ever.
  if (name === statement.file) return;
  const path = isAbsolute(name) ? name : (findInPath(reading, name, dirname(statement.file)) ?? name);
  const what = `${statement.how} ${name}`;
  if (grammarOf(path) === undefined || path.endsWith('.bbappend')) {
    throw new VarveError('metadata', `${path} is no metadata file`, {
      place: { file: path, via: [`${statement.file}:${statement.lastLine}: ${what}`] },
      hints: ['a metadata file is a .conf, .inc, .bbclass or .bb'],
    });
  }
  if (files.has(path)) {
    environment.warn(`${path} is read a second time into ${data.get('FILE') ?? ''}`, placeOfSpot(statement));
  }
  if (onBehalfOf(statement, what, () => reading.readFile(path)) || statement.how !== 'require') return;
  throw new VarveError('metadata', `the required file ${name} is not found`, {
    place: placeOfSpot(statement),
    hints: [`it was looked for in ${[dirname(statement.file), ...searchPath(reading)].join(', ')}`],
  });
}

/** Finds a file beside the one that names it, then along BBPATH. */
function findInPath(reading: Reading, name: string, beside: string): string | undefined {
  return [beside, ...searchPath(reading)]
    .map((path) => join(path, name))
    .find((path) => reading.environment.source.exists(path));
}

function searchPath({ data }: Reading): readonly string[] {
  return (data.get('BBPATH') ?? '').split(':');
}
