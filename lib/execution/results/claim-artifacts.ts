import { claim } from '../../artifacts/claims.ts';
import { taskId } from '../../terms/ids.ts';
import type { BuildContext } from '../build-context.ts';
import { localArtifact } from './recipe-artifacts.ts';

/** Says in the store which artifacts of these recipes a build recorded without having them in a history. */
export function claimArtifacts(context: BuildContext, recipes: readonly string[]): void {
  const signatures = recipes.flatMap((name) => {
    const tasks = context.graph.recipes.get(name)?.tasks.filter(({ artifact }) => artifact) ?? [];
    return tasks.flatMap((task) => {
      const signature = context.known.signature(taskId(name, task.name));
      if (signature === undefined || localArtifact(context.site(name), signature) !== undefined) return [];
      return context.store.lookup(signature).kind === 'found' ? [signature] : [];
    });
  });
  claim(context.world, context.places, signatures);
}
