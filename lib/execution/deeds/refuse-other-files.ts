import type { TaskNode } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { BuildContext } from '../build-context.ts';
import type { Spoilt } from '../task/own-directories.ts';

/** A file that was changed after it was signed: what a task made of it must not stand under that signature. */
export function refuseOtherFiles({ signer }: BuildContext, node: TaskNode): Spoilt | undefined {
  try {
    const path = signer.otherFile(node);
    return path === undefined ? undefined : changed(node, path);
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return error;
  }
}

const changed = ({ shape }: TaskNode, path: string): Spoilt => ({
  message: `${path} was changed while this build ran, and ${shape.name} may have read either content`,
  hints: ['Build again, with it as it is now.'],
});
