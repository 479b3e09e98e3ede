import { VarveError } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import type { Environment } from './environment.ts';
import { notAFile } from './not-a-file.ts';
import { evaluateFile, startReading } from './evaluate-file.ts';
import { finaliseRecipe, type TaskOfRecipe } from './finalise-recipe.ts';
import { splitWords } from './python-values.ts';
import { inheritConfigured } from './read-configuration.ts';
import type { Reading } from './reading.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

export interface RecipeToRead {
  /** The `.bb`. */
  readonly file: string;
  /** Its `.bbappend`s, in the order in which they apply. */
  readonly appends: readonly string[];
  /** The whole configuration; it is not changed. */
  readonly base: Datastore;
  /** One of BBCLASSEXTEND; left out: the recipe itself. */
  readonly variant?: string;
}

export interface EvaluatedRecipe {
  readonly data: Datastore;
  /** In addtask order. */
  readonly tasks: readonly TaskOfRecipe[];
  /** All files that took part beside the configuration, in order. */
  readonly files: readonly string[];
  /** Class files, in the order read; those of the configuration first. */
  readonly inherited: readonly string[];
  /** Why the recipe is not for this configuration. */
  readonly skipped?: string;
  /** What BBCLASSEXTEND makes of it, itself (`''`) first. */
  readonly variants: readonly string[];
}

/** Reads a recipe with its appends and makes of it what BitBake would. Throws where metadata is wrong. */
export function readRecipe(recipe: RecipeToRead, environment: Environment): EvaluatedRecipe {
  const data = recipe.base.copy();
  if (data.book.classKind === 'global') inheritConfigured(data, environment);
  const reading = startReading(data, environment);
  const early = readTexts(reading, recipe);
  if (early !== undefined) return evaluated(reading, { skipped: early, tasks: [], extensions: [] });
  const { variant } = recipe;
  if (variant === undefined || variant === '') {
    const end = finalise(reading);
    return evaluated(reading, { ...end, extensions: extensionsOf(data) });
  }
  const whole = within(reading, data.copy());
  finalise(whole);
  const extensions = extensionsOf(whole.data);
  if (!extensions.includes(variant)) {
    throw new VarveError('metadata', `${recipe.file} has no variant ${variant}`, {
      place: { file: recipe.file },
      hints: [`BBCLASSEXTEND is "${extensions.join(' ')}"`],
    });
  }
  extend(data, { variant, of: whole.data, file: recipe.file });
  return evaluated(reading, { ...finalise(reading), extensions });
}

function extensionsOf(data: Datastore): readonly string[] {
  return [...new Set(splitWords(data.get('BBCLASSEXTEND')))];
}

/** Goes on reading into another datastore; the files that took part are common. */
function within(reading: Reading, data: Datastore): Reading {
  const inner: Reading = {
    ...reading,
    data,
    readFile: (file) => evaluateFile(inner, file, 'inside'),
  };
  return inner;
}

interface End {
  readonly tasks: readonly TaskOfRecipe[];
  readonly skipped?: string;
}

function readTexts(reading: Reading, { file, appends }: RecipeToRead): string | undefined {
  try {
    if (!evaluateFile(reading, file, 'first')) {
      throw notAFile(reading.environment, file);
    }
    for (const append of appends) evaluateFile(reading, append, 'inside');
    return undefined;
  } catch (error) {
    if (error instanceof RecipeSkipped) return error.message;
    throw error;
  }
}

function finalise(reading: Reading): End {
  try {
    return { tasks: finaliseRecipe(reading) };
  } catch (error) {
    if (error instanceof RecipeSkipped) return { tasks: [], skipped: error.message };
    throw error;
  }
}

interface Extension {
  /** `native`, or `multilib:lib32`: a class with an argument. */
  readonly variant: string;
  /** The recipe itself, finalised. */
  readonly of: Datastore;
  readonly file: string;
}

function extend(data: Datastore, { variant, of, file }: Extension): void {
  const [name = '', argument] = variant.split(':');
  data.set('BBCLASSEXTEND', of.get('BBCLASSEXTEND') ?? '');
  // Python writes None for a name that is not set.
  if (argument === undefined) data.set('PN', `${of.get('PN') ?? 'None'}-${name}`);
  else {
    data.set('BBEXTENDCURR', name);
    data.set('BBEXTENDVARIANT', argument);
  }
  data.note({ deferred: [...data.book.deferred, { classes: name, spot: { file, line: 0, lastLine: 0 } }] });
}

function evaluated(
  { data, files }: Reading,
  { tasks, skipped, extensions }: End & { readonly extensions: readonly string[] },
): EvaluatedRecipe {
  return {
    data,
    tasks,
    files: [...files],
    inherited: data.book.inherited,
    ...(skipped === undefined ? {} : { skipped }),
    variants: ['', ...extensions],
  };
}
