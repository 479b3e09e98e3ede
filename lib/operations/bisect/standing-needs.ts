/** What a mixture needs of other recipes: recorded results, brought to where a build finds them. */
import { exportArtifact } from '../../artifacts/export-artifact.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { splitTaskId, taskId, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { version } from '../../terms/version.ts';
import { findArtifact } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import type { Inputs } from './changed-row.ts';

/** Finds the states of the recipes whose results are inputs, and answers what their tasks were made from. */
export function standingNeeds(record: TheRecord, inputs: Inputs): ReadonlyMap<TaskId, readonly Input[]> {
  const needs = [...inputs.values()].flat();
  const found = new Map<string, RecordedRecipe>();
  for (const need of needs.filter(({ kind }) => kind === 'artifact')) {
    const [id = ''] = need.value.split(' ');
    if (found.has(need.name)) continue;
    const standing = findArtifact(record, { recipe: need.name, id });
    if (standing === undefined) throw nowhere(need.name);
    found.set(need.name, standing.recipe);
  }
  for (const need of needs.filter(({ kind }) => kind === 'produced')) {
    const { recipe, task } = splitTaskId(need.name as TaskId);
    const state = found.get(recipe) ?? findArtifact(record, { recipe, task, id: need.value })?.recipe;
    if (state === undefined) throw nowhere(need.name);
    found.set(recipe, state);
  }
  for (const recipe of found.values()) bringToStore(record, recipe);
  return new Map(
    [...found.values()].flatMap((recipe) =>
      [...recipe.inputIds().keys()].map(
        (task) => [taskId(recipe.recipe, task), recipe.inputs(task) ?? []] as const,
      ),
    ),
  );
}

/** Artifacts that the store has lost are in their recipe's history. */
function bringToStore(record: TheRecord, recipe: RecordedRecipe): void {
  const { world } = record;
  const store = record.store();
  const tasks = [installTask, ...recipe.tasks().map(({ task }) => task)];
  for (const task of new Set(tasks)) {
    const artifact = recipe.artifact(task);
    if (artifact === undefined || store.lookup(artifact.signature).kind === 'found') continue;
    const { objects, tree, time = 0 } = artifactTreeOf(record, recipe, artifact);
    const exported = exportArtifact({ objects, tree, time, store });
    const builtBy = { host: world.hostname, varve: version, at: new Date(world.now()).toISOString() };
    const named = { recipe: recipe.recipe, version: '', task, signature: artifact.signature };
    store.publish({ schema: 1, ...named, ...exported, builtBy });
  }
}

function nowhere(name: string): VarveError {
  return new VarveError('usage', `no recorded build has the result of ${name} that is an input`, {
    hints: [`varve log ${name} --across   shows which there are`],
  });
}
