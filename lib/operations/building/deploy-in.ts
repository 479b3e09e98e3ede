import type { Deploying } from '../../execution/deploying/deploy-results.ts';
import type { Builds } from '../../history/builds.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Session } from './build-session.ts';

/** What DEPLOY_DIR and PKGDATA_DIR are filled by in one build, before its tasks and at its end. */
export function deployIn({ metadata }: Session, builds: Builds): Deploying {
  return { builds, isKnown: (recipe) => isKnown(metadata, recipe), takenOut: new Map() };
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
