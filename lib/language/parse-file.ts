/** Reads a metadata file into statements. */
import { basename } from 'node:path/posix';
import { memoryOf, type Environment } from './environment.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Place } from '../terms/varve-error.ts';
import type { Statement } from './statements.ts';

/** The two grammars: a `.conf` knows variables only; recipes, classes and their `.inc` know functions and tasks too. */
export type Grammar = 'configuration' | 'recipe';

/** Tells how a file is read; undefined: it is no metadata file. */
export function grammarOf(file: string): Grammar | undefined {
  if (file.endsWith('.conf')) return 'configuration';
  return /[^/]\.(?:bb|bbclass|inc|bbappend)$/.test(file) ? 'recipe' : undefined;
}

/** A file that was read, and what was said of it. */
export interface ParsedFile {
  readonly statements: readonly Statement[];
  readonly warnings: readonly (readonly [text: string, place: Place | undefined])[];
}

/**
 * Reads a file, or answers what it read before; undefined: there is no such file. Throws where a line is no statement.
 * Whoever reads it asks for its text.
 */
export function parseFile(environment: Environment, file: string): readonly Statement[] | undefined {
  const text = environment.source.read(file);
  if (text === undefined) return undefined;
  const { parsed } = memoryOf(environment);
  const known = parsed.get(file);
  if (known === undefined) {
    const anew = parseAnew(text, file, environment.warn);
    parsed.set(file, anew);
    return anew.statements;
  }
  if (isReadAnew(environment, file))
    for (const [what, place] of known.warnings) environment.warn(what, place);
  return known.statements;
}

/** BitBake reads configuration whenever it is included, and other files once; of several recipes each is warned. */
function isReadAnew({ eager }: Environment, file: string): boolean {
  return eager !== true || grammarOf(file) === 'configuration';
}

function parseAnew(text: string, file: string, warn: Environment['warn']): ParsedFile {
  const warnings: [string, Place | undefined][] = [];
  const statements = parseText(text, file, (what, place) => {
    warnings.push([what, place]);
    warn(what, place);
  });
  return { statements, warnings };
}

/** Reads a text as the file of that name. */
export function parseText(text: string, file: string, warn: Environment['warn']): readonly Statement[] {
  if (grammarOf(file) === 'configuration') return parseConfiguration(text, file, warn);
  const className = file.endsWith('.bbclass') ? basename(file, '.bbclass') : '';
  return parseRecipe(text, { file, className, warn });
}
