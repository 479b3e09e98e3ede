import { formatArtifact } from '../../execution/results/artifact-record.ts';
import { listStandings } from '../../history/standings.ts';
import type { FileSystem } from '../../ports/world.ts';
import { namedBy, recordedRecipe } from './recorded-recipe.ts';

/** Lists where recipes stand in the builds of builds.git now, so that who asks need not read each build. */
export function relistStandings(fs: FileSystem, gitDir: string): void {
  listStandings(fs, gitDir, (objects, directory) => {
    const recipe = recordedRecipe(objects, directory);
    const artifact = recipe.artifact();
    return { named: namedBy(recipe), artifact: artifact === undefined ? '' : formatArtifact(artifact) };
  });
}
