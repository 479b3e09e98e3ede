import type { Plan } from '../../execution/plan/make-plan.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import type { Known } from '../../planning/planner.ts';
import { splitTaskId, taskId, type CommitId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

export interface RecordedState {
  readonly recipe: RecordedRecipe;
  readonly signatures: ReadonlyMap<string, Signature>;
}

/**
 * Makes the function that tells of a task which cannot be signed yet whether it only hangs on others: if these come out as
 * they are recorded, it has the recorded signature. Undefined where something of its own changed, or nobody can tell.
 */
export function findHanging(
  { context }: Plan,
  recorded: ReadonlyMap<string, RecordedState>,
): (id: TaskId) => readonly TaskId[] | undefined {
  const { graph, known, signer, sysroot } = context;
  const artifacts = new Map<TaskId, string | undefined>();
  const artifactOf = (id: TaskId): string | undefined => {
    if (!artifacts.has(id)) {
      const { recipe, task } = splitTaskId(id);
      const was = recorded.get(recipe)?.recipe;
      artifacts.set(id, was?.artifact(task)?.id ?? treeOf(recipe, was?.task(task)?.commit));
    }
    return artifacts.get(id);
  };
  const treeOf = (recipe: string, commit: CommitId | undefined): string | undefined => {
    const site = context.site(recipe);
    if (commit === undefined || !site.hasHistory()) return undefined;
    const { objects } = site.history();
    return objects.has(commit) ? objects.readCommit(commit).tree : undefined;
  };
  const recordedSignature = (id: TaskId): Signature | undefined => {
    const { recipe, task } = splitTaskId(id);
    return recorded.get(recipe)?.signatures.get(task);
  };
  const supposed: Known = {
    signature: (id) => known.signature(id) ?? recordedSignature(id),
    identity: (id) => known.identity(id) ?? joined((graph.producers.get(id) ?? [id]).map(artifactOf)),
  };
  const isUnknown = (id: TaskId): boolean => known.identity(id) === undefined;
  const unknownInstalls = new Map(
    [...graph.recipes.keys()]
      .map((recipe) => [recipe, taskId(recipe, installTask)] as const)
      .filter(([, install]) => isUnknown(install)),
  );
  /** Of a thousand recipes some hundred are asked about for each; most tasks of a recipe have the same parts. */
  const unknownParts = new Map<SysrootParts, readonly TaskId[]>();
  const unknownOf = (parts: SysrootParts): readonly TaskId[] => {
    const found =
      unknownParts.get(parts) ??
      [...parts.target, ...parts.native]
        .map((recipe) => unknownInstalls.get(recipe))
        .filter((install) => install !== undefined);
    unknownParts.set(parts, found);
    return found;
  };
  return (id) => {
    const node = graph.tasks.get(id);
    const was = recordedSignature(id);
    if (node === undefined || was === undefined) return undefined;
    if (signer.suppose(node, supposed) !== was) return undefined;
    return [
      ...node.inside.filter((each) => known.signature(each) === undefined),
      ...unknownOf(sysroot(id)),
      ...[...node.across, ...node.madeOf].filter(isUnknown),
    ];
  };
}

function joined(ids: readonly (string | undefined)[]): string | undefined {
  return ids.every((id) => id !== undefined) ? ids.join(' ') : undefined;
}
