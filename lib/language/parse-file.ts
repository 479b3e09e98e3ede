/** Reads a metadata file into statements. */
import { basename, extname } from 'node:path/posix';
import { memoryOf, type Environment } from './environment.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Statement } from './statements.ts';

/** The two grammars: a `.conf` knows variables only; recipes, classes and their `.inc` know functions and tasks too. */
export type Grammar = 'configuration' | 'recipe';

/** Tells how a file is read; undefined: it is no metadata file. */
export function grammarOf(file: string): Grammar | undefined {
  const extension = extname(file);
  if (file.endsWith('.conf')) return 'configuration';
  return ['.bb', '.bbclass', '.inc', '.bbappend'].includes(extension) ? 'recipe' : undefined;
}

/**
 * Reads a file, or answers what it read before; undefined: there is no such file. Throws where a line is no statement.
 */
export function parseFile(environment: Environment, file: string): readonly Statement[] | undefined {
  const { statements } = memoryOf(environment);
  const known = statements.get(file);
  if (known !== undefined) return known;
  const text = environment.source.read(file);
  if (text === undefined) return undefined;
  const parsed = parseText(text, file, environment.warn);
  statements.set(file, parsed);
  return parsed;
}

/** Reads a text as the file of that name. */
export function parseText(text: string, file: string, warn: Environment['warn']): readonly Statement[] {
  if (grammarOf(file) === 'configuration') return parseConfiguration(text, file, warn);
  const className = file.endsWith('.bbclass') ? basename(file, '.bbclass') : '';
  return parseRecipe(text, { file, className, warn });
}
