/** Repositories in a WORKDIR that git would obey. */
import type { Performed } from '../task/perform-task.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { obeyedRepositories } from '../workdir/obeyed-repositories.ts';
import type { Doing } from './doing.ts';

/** Of a result those repositories that the task made what they are; of a failure all, since somebody will go and look there. */
export function tellObeyed({ context }: Doing, node: TaskNode, { ok, changed }: Performed): void {
  const { workdir, afterDir } = context.site(node.recipe);
  const texts = node.afterInstall
    ? obeyedRepositories(context.world.fs, afterDir, { changed })
    : obeyedRepositories(context.world.fs, workdir, { isWorkdir: true, ...(ok && { changed }) });
  for (const [at, text] of texts.entries())
    context.emit({
      event: 'message',
      level: 'warning',
      about: node.id,
      text: `${node.id}: ${text}`,
      ...(at === texts.length - 1 && { hints: howToBeSafe(node.recipe, workdir) }),
    });
}

function howToBeSafe(recipe: string, workdir: string): readonly string[] {
  return [
    `git -C ${workdir} status   in the WORKDIR itself git obeys its history, and none of what stands in it`,
    `varve shell ${recipe}   switches off what git would run unasked: hooks and core.fsmonitor`,
  ];
}
