import type { CommitId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { refuseToTakeAway } from '../workdir/refuse-in-use.ts';
import { goingOn } from './describe-failure.ts';

/** Throws where a task would begin by taking away what somebody has a shell in; tasks that go on from it run beside them. */
export function spareShell(context: BuildContext, node: TaskNode, base: CommitId | undefined): void {
  if (node.afterInstall) return;
  refuseToTakeAway(context.world, context.site(node.recipe), {
    staysAt: (commit) => commit === base,
    further: (left) => (left?.kind.endsWith('edits') === true ? goingOn(context, node) : []),
  });
}
