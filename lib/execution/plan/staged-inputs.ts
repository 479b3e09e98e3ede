import { installTask } from '../../graph/arrange-tasks.ts';
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Known } from '../../planning/planner.ts';
import { taskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { outlineOf, taskOutlineOf } from '../outline/recipe-outline.ts';
import type { AskingPlace } from './asking-place.ts';

export type StagedInputs = (node: TaskNode, parts: SysrootParts, known: Known) => readonly Input[];

/** What was found out with one state of knowledge. */
interface Memo {
  /** By recipe: its artifact in the sysroots of those that did not ask for it by name. */
  readonly brought: Map<string, Input>;
  /** By who asks: the artifacts of a sysroot. */
  readonly lists: Map<string, Map<SysrootParts, readonly Input[]>>;
}

/**
 * Makes the function that lists the artifacts in a task's sysroots. Of a thousand recipes each has some hundred in it, in
 * five of its tasks: so lists and what is in them are shared as far as they are the same.
 */
export function createStagedInputs(
  recipe: (name: string) => LoadedRecipe,
  askingPlace: AskingPlace,
): StagedInputs {
  const memos = new WeakMap<Known, Memo>();
  /** What nobody knows yet is the same whatever is known. */
  const unknown = new Map<string, Input>();

  function bring(name: string, known: Known, { brought }: Memo): Input {
    const there = brought.get(name);
    if (there !== undefined) return there;
    const id = known.identity(taskId(name, installTask));
    const inputs = id === undefined ? unknown : brought;
    const dirs = outlineOf(recipe(name))
      .sysrootDirs.map((dir) => ` ${dir}`)
      .join('');
    const value = `${id ?? 'unknown'}${dirs === '' ? '' : ` only${dirs}`}`;
    const input = inputs.get(name) ?? { kind: 'artifact' as const, name, value };
    inputs.set(name, input);
    return input;
  }

  return (node, parts, known) => {
    const memo = memos.get(known) ?? { brought: new Map(), lists: new Map() };
    memos.set(known, memo);
    // A flag of a task asks for that task alone.
    const asker =
      taskOutlineOf(recipe(node.recipe), node.shape.name).depends.length > 0 ? node.id : node.recipe;
    const lists = memo.lists.get(asker) ?? new Map<SysrootParts, readonly Input[]>();
    const list = lists.get(parts);
    if (list !== undefined) return list;
    const names = [...parts.target, ...parts.native];
    const inputs = names.map((name) => {
      const input = bring(name, known, memo);
      const place = askingPlace(node, name);
      return place.at === undefined ? input : { ...input, ...place };
    });
    if (names.every((name) => memo.brought.has(name))) memo.lists.set(asker, lists.set(parts, inputs));
    return inputs;
  };
}
