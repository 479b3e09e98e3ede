import { dirname, normalize } from 'node:path/posix';
import { VarveError } from '../terms/varve-error.ts';
import { grammarOf } from './parse-file.ts';
import { splitWords } from './python-values.ts';
import { onBehalfOf, placeOfSpot, type Reading } from './reading.ts';
import { pathInside, searchPath } from './search-path.ts';
import type { IncludeStatement } from './statements.ts';

/** Carries out `include`, `require` or `include_all`. */
export function includeFiles(reading: Reading, statement: IncludeStatement): void {
  const { data } = reading;
  const what = data.expand(statement.what, statement);
  // As in BitBake, only the first of several names is looked for everywhere.
  const texts =
    statement.how === 'include_all' ? searchPath(data).map((path) => pathInside(path, what)) : [what];
  for (const text of texts) for (const name of splitWords(text)) includeOne(reading, name, statement);
}

/** Files may lead back to themselves as long as this comes to an end. */
const mostTimesInside = 10;

function includeOne(reading: Reading, name: string, statement: IncludeStatement): void {
  const { data, environment, files, open } = reading;
  // A file that includes itself by its whole path would do so for ever.
  if (name === statement.file) return;
  const found = findFile(reading, name, statement);
  const path = found ?? name;
  if (grammarOf(path) === undefined || path.endsWith('.bbappend')) {
    throw new VarveError('metadata', `${path} is no metadata file`, {
      place: { file: path, via: [{ how: 'included', file: statement.file, line: statement.lastLine }] },
      hints: ['a metadata file is a .conf, .inc, .bbclass or .bb'],
    });
  }
  const isSame = (one: string): boolean => normalize(one) === normalize(path);
  if (open.filter(isSame).length >= mostTimesInside) throw endless(name, path, statement);
  if (files.has(path)) {
    environment.warn(`${path} is read a second time into ${data.get('FILE') ?? ''}`, placeOfSpot(statement));
  }
  const isRead = found !== undefined && onBehalfOf(statement, 'included', () => reading.readFile(found));
  if (isRead || statement.how !== 'require') return;
  throw new VarveError('metadata', `the required file ${name} is not found`, {
    place: placeOfSpot(statement, name),
    hints: [`it was looked for in ${[dirname(statement.file), ...searchPath(data)].join(', ')}`],
  });
}

/** Finds a file beside the one that names it, then along BBPATH; never where the command was typed, unlike BitBake. */
function findFile(
  { data, environment }: Reading,
  name: string,
  statement: IncludeStatement,
): string | undefined {
  return [dirname(statement.file), ...searchPath(data)]
    .map((path) => pathInside(path, name))
    .find((path) => environment.source.exists(path));
}

function endless(name: string, path: string, statement: IncludeStatement): VarveError {
  return new VarveError('metadata', `${path} leads back to itself, again and again`, {
    place: placeOfSpot(statement, name),
    hints: ['take one of the includes out'],
  });
}
