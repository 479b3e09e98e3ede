import { deployResults } from '../../execution/deploying/deploy-results.ts';
import type { Plan } from '../../execution/plan/make-plan.ts';
import type { Builds } from '../../history/builds.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Session } from './build-session.ts';

/** Fills DEPLOY_DIR and PKGDATA_DIR at the end of a build, before it is recorded. */
export function deployIn({ context }: Plan, { metadata }: Session, builds: Builds): void {
  deployResults(context, { builds, isKnown: (recipe) => isKnown(metadata, recipe) });
}

/** Most recipes are called like their file, which need not be read then; one that cannot be read is there all the same. */
function isKnown(metadata: Metadata, recipe: string): boolean {
  if (metadata.recipeFiles.some(({ name }) => name === recipe)) return true;
  try {
    return metadata.provider(recipe)?.name === recipe;
  } catch (error) {
    if (error instanceof VarveError) return true;
    throw error;
  }
}
