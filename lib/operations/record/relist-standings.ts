import { formatArtifact } from '../../execution/results/artifact-record.ts';
import { formatTask } from '../../execution/results/recorded-task.ts';
import { listStandings } from '../../history/list-standings.ts';
import type { FileSystem } from '../../ports/world.ts';
import { recordedRecipe } from './recorded-recipe.ts';

/** Lists where recipes stand in the builds of builds.git now, so that who asks need not read each build. */
export function relistStandings(fs: FileSystem, gitDir: string): void {
  listStandings(fs, gitDir, (objects, directory) => {
    const recipe = recordedRecipe(objects, directory);
    const artifact = recipe.artifact();
    return {
      tasks: recipe.tasks().map(formatTask),
      trees: recipe.artifacts().map(({ tree }) => tree),
      artifact: artifact === undefined ? '' : formatArtifact(artifact),
    };
  });
}
