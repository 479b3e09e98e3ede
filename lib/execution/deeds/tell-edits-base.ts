import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { resultsBelow } from '../edits/results-below.ts';
import { whyNotRun } from '../results/why-not-here.ts';

/** Says of the task that goes on from a person's edits where these were made on what does not count any more. */
export function tellEditsBase(context: BuildContext, node: TaskNode): void {
  const { recipe } = node;
  const edits = context.edits.get(recipe);
  if (edits?.from !== node.shape.name) return;
  const made = resultsBelow(context.site(recipe), edits.commit).filter(
    ({ edited, fell }) => !edited && !fell,
  );
  const why = made.map((commit) => whyNotRun(context, node, commit)).find((each) => each !== undefined);
  if (why === undefined) return;
  context.emit({
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${recipe}: your edits were made on what ${why}; this build goes on from there all the same`,
    hints: [`varve edit finish ${recipe}   makes patches of them, and the next build makes all of it anew`],
  });
}
