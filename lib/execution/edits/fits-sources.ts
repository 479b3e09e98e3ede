import { chainOf } from '../../graph/chain-of.ts';
import { sourceTasks } from '../../graph/source-tasks.ts';
import type { CommitId, Signature } from '../../terms/ids.ts';
import { taskId } from '../../terms/ids.ts';
import type { BuildContext } from '../build-context.ts';
import { madeOn } from './editing.ts';
import type { Site } from '../workdir/site.ts';

/** Whether edits that stand on `commit` were made on the sources that the recipe has now, as far as these are known. */
export function fitsSources(
  { graph, known }: Pick<BuildContext, 'graph' | 'known'>,
  site: Site,
  commit: CommitId | undefined,
): boolean {
  const { name } = site.recipe;
  const made = commit === undefined ? new Map<string, Signature>() : madeOn(site, commit);
  const sources = sourceTasks(chainOf(graph.arrangements.get(name)))
    .flatMap((task) => graph.tasks.get(taskId(name, task)) ?? [])
    .filter(({ shape }) => !shape.noexec);
  // The WORKDIR may stand before the last of them, but not before the first.
  return sources.every((node, index) => {
    const [then, now] = [made.get(node.shape.name), known.signature(node.id)];
    return then === now || now === undefined || (then === undefined && index > 0);
  });
}
