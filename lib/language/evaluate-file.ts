import type { Datastore } from './datastore.ts';
import type { Environment } from './environment.ts';
import { evaluateStatement } from './evaluate-statement.ts';
import { grammarOf, parseFile } from './parse-file.ts';
import type { Reading } from './reading.ts';

/** Begins to read files into a datastore. */
export function startReading(data: Datastore, environment: Environment): Reading {
  const reading: Reading = {
    data,
    environment,
    files: new Set(),
    open: [],
    readFile: (file) => evaluateFile(reading, file, 'inside'),
  };
  return reading;
}

/**
 * Reads a file and carries out its statements. While a file is read, FILE names it, classes aside; a file read inside
 * another gives FILE back. False: there is no such file.
 */
export function evaluateFile(reading: Reading, file: string, how: 'first' | 'inside'): boolean {
  const { data, environment, files, open } = reading;
  const statements = parseFile(environment, file);
  if (statements === undefined) return false;
  files.add(file);
  const isClass = file.endsWith('.bbclass');
  if (isClass && !data.book.inherited.includes(file))
    data.note({ inherited: [...data.book.inherited, file] });
  const outer = how === 'first' ? undefined : data.content('FILE');
  if (!isClass && outer !== file) data.assign('FILE', file);
  open.push(file);
  for (const statement of statements) evaluateStatement(reading, statement);
  open.pop();
  const restored = outer !== undefined && outer !== '' && (grammarOf(file) === 'configuration' || !isClass);
  if (restored && outer !== file) data.assign('FILE', outer);
  return true;
}
