import type { Datastore } from '../../language/datastore.ts';
import { readConfiguration } from '../../language/read-configuration.ts';
import { readRecipe, type EvaluatedRecipe, type RecipeToRead } from '../../language/read-recipe.ts';
import type { CountedWarnings } from './count-warnings.ts';
import type { ReadFile } from './describe-parsed.ts';

export interface FileToRead {
  /** Absolute. A `.bb` is read and finalised, anything else is only read. */
  readonly file: string;
  /** Absolute. */
  readonly appends: readonly string[];
  /** One of BBCLASSEXTEND; left out: the recipe itself. */
  readonly variant?: string;
  /** Looks at the recipe that is asked for, and may warn of it. */
  readonly look?: (recipe: EvaluatedRecipe) => void;
}

/**
 * Reads a file on top of a configuration. Of a recipe all that BBCLASSEXTEND makes of it is read: as in BitBake, an
 * error in one of them is an error of the file. Warnings are counted for the one that is asked for.
 */
export function readMetadataFile(
  base: Datastore,
  { file, appends, variant = '', look }: FileToRead,
  warnings: CountedWarnings,
): Pick<ReadFile, 'data' | 'recipe' | 'warnings'> {
  const { environment } = base;
  if (!file.endsWith('.bb')) {
    const data = base.copy();
    readConfiguration(data, file, environment);
    return { data, warnings: warnings.count() };
  }
  const recipe: RecipeToRead = { file, appends, base, variant };
  const read = readRecipe(recipe, environment);
  look?.(read);
  const answer = { data: read.data, recipe: read, warnings: warnings.count() };
  for (const other of read.variants) {
    if (other !== variant) readRecipe({ ...recipe, variant: other }, environment);
  }
  return answer;
}
