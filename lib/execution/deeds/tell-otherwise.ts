import { installTask } from '../../graph/arrange-tasks.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { Signature } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { BuildContext } from '../build-context.ts';

/** The result that a task which is forced had of the same inputs; none where some of it is damaged, and so made anew. */
export function formerResult(
  { forced, site }: BuildContext,
  node: TaskNode,
  signature: Signature,
): TaskCommit | undefined {
  if (!forced.has(node.id)) return undefined;
  const its = site(node.recipe);
  const named = its.named(node.shape.name, signature);
  return named !== undefined && its.history().holds(named)
    ? its.stamped(node.shape.name, signature)
    : undefined;
}

/** Two results of one task, of the same inputs. */
export interface Twice {
  /** Undefined where there was none, or the task was not forced. */
  readonly former: TaskCommit | undefined;
  readonly now: Pick<TaskCommit, 'tree' | 'step' | 'edited'>;
}

/**
 * Tells that a task which was forced came out otherwise than before, and that nothing is made of it for that: results are
 * told apart by what they are made of.
 */
export function tellOtherwise(context: BuildContext, node: TaskNode, { former, now }: Twice): void {
  if (node.shape.artifact || former === undefined) return;
  if (former.edited || now.edited || former.step !== now.step) return;
  const { recipe } = node;
  const site = context.site(recipe);
  const [first] = compareTrees(site.history().objects, { from: former.tree, to: now.tree });
  if (first === undefined) return;
  const goesOn = node.beforeInstall && site.newest(installTask) !== undefined;
  context.emit({
    event: 'message',
    level: 'note',
    about: node.id,
    text: `${node.id} came out otherwise than before of the same inputs (first difference: ${shownPath(first.path)}); what was made of the former result stays`,
    hints: goesOn ? [`varve build -f -c install ${recipe}   goes on from this one`] : [],
  });
}
