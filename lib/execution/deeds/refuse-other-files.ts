import type { FileSystem } from '../../ports/world.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { BuildContext } from '../build-context.ts';
import type { Spoilt } from '../task/own-directories.ts';

/** A file that was changed after it was signed: what a task made of it must not stand under that signature. */
export function refuseOtherFiles({ signer, world }: BuildContext, node: TaskNode): Spoilt | undefined {
  try {
    const path = signer.otherFile(node) ?? otherModule(world.fs, signer.inputs(node.id));
    return path === undefined ? undefined : changed(node, path);
  } catch (error) {
    if (error instanceof VarveError) return error;
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    return changed(node, String(path));
  }
}

const changed = ({ shape }: TaskNode, path: string): Spoilt => ({
  message: `${path} was changed while this build ran, and ${shape.name} may have read either content`,
  hints: ['Build again, with it as it is now.'],
});

/** A module of a layer's Python package that has no more the text of a function that was signed; Python reads it late. */
function otherModule(fs: FileSystem, inputs: readonly Input[]): string | undefined {
  for (const { kind, value, at } of inputs) {
    const [, path] = /^(.*\.py):\d+$/.exec(at ?? '') ?? [];
    if (kind !== 'function' || path === undefined) continue;
    const text = value.replace(ANSWERS, '');
    if (!fs.existsSync(path) || !fs.readFileSync(path, 'utf8').includes(text)) return path;
  }
  return undefined;
}

/** What `contains()` was answered stands behind the text. */
const ANSWERS = /(\n[^\s{}]+\{[^\n]*\} = (Set|Unset))+$/;
