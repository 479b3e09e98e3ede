/** What is told of an artifact that names directories of a build: the same whether it was just made or came from elsewhere. */
import type { BuildPaths } from '../../artifacts/ac-entry.ts';
import type { TaskFinished } from '../../terms/events.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { weighBuildPaths, type WeighedPaths } from '../results/weigh-build-paths.ts';

export type Failure = NonNullable<TaskFinished['failure']>;

/** Warns of it, where it is to be warned of. */
export function warnOfPaths(context: BuildContext, node: TaskNode, found: BuildPaths | undefined): void {
  const weighed = weighBuildPaths(context.site(node.recipe).recipe, found);
  if (weighed?.level !== 'warning') return;
  const { text, hints } = weighed;
  context.emit({
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${node.id}: what it installs ${text}`,
    hints,
  });
}

/** The failure of a task that made one which is none. */
export function failureOf({ text, hints }: WeighedPaths): Failure {
  return { message: `what it installs ${text}: ERROR_QA has buildpaths`, tail: [], hints };
}
