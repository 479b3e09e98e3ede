import { installTask } from '../../graph/arrange-tasks.ts';
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Known } from '../../planning/planner.ts';
import { writeInput, type WrittenInputs } from '../../signatures/compute-signature.ts';
import { byKey } from '../../terms/by-key.ts';
import { taskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { once } from '../../terms/once.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { outlineOf, taskOutlineOf } from '../outline/recipe-outline.ts';
import type { AskingPlace } from './asking-place.ts';

/** The artifacts in a task's sysroots, by name. */
export interface Staged {
  readonly isEmpty: boolean;
  /** Each with the place that asks for it, which few want to know. */
  inputs(): readonly Input[];
  /** All of them as they are hashed. */
  written(): WrittenInputs;
}

export type StagedInputs = (node: TaskNode, parts: SysrootParts, known: Known) => Staged;

/** An artifact in the sysroots of those that did not ask for it by name; where it is asked for is not hashed. */
interface Brought {
  readonly input: Input;
  readonly written: string;
}

/** What was found out with one state of knowledge. */
interface Memo {
  /** By recipe. */
  readonly brought: Map<string, Brought>;
  /** By who asks. */
  readonly lists: Map<string, Map<SysrootParts, Staged>>;
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
  const unknown = new Map<string, Brought>();
  const install = byKey(
    (name: string) => taskId(name, installTask),
    (name) => name,
  );

  function bring(name: string, known: Known, { brought }: Memo): Brought {
    const there = brought.get(name);
    if (there !== undefined) return there;
    const id = known.identity(install(name));
    const memo = id === undefined ? unknown : brought;
    const alike = memo.get(name);
    if (alike !== undefined) return alike;
    const dirs = outlineOf(recipe(name))
      .sysrootDirs.map((dir) => ` ${dir}`)
      .join('');
    const value = `${id ?? 'unknown'}${dirs === '' ? '' : ` only${dirs}`}`;
    const input: Input = { kind, name, value };
    const made = { input, written: writeInput(input) };
    memo.set(name, made);
    return made;
  }

  return (node, parts, known) => {
    const memo = memos.get(known) ?? { brought: new Map(), lists: new Map() };
    memos.set(known, memo);
    // A flag of a task asks for that task alone.
    const asker =
      taskOutlineOf(recipe(node.recipe), node.shape.name).depends !== undefined ? node.id : node.recipe;
    const lists = memo.lists.get(asker) ?? new Map<SysrootParts, Staged>();
    const list = lists.get(parts);
    if (list !== undefined) return list;
    const { target, native } = parts;
    const names = native.length === 0 ? target : [...target, ...native].sort();
    const brought = names.map((name) => bring(name, known, memo));
    const staged = {
      isEmpty: brought.length === 0,
      inputs: once(() =>
        brought.map(({ input }) => {
          const place = askingPlace(node, input.name);
          return place.at === undefined ? input : { ...input, ...place };
        }),
      ),
      written: () => ({ kind, text: brought.map(({ written }) => written).join('') }),
    };
    if (names.every((name) => memo.brought.has(name))) memo.lists.set(asker, lists.set(parts, staged));
    return staged;
  };
}

const kind = 'artifact';
