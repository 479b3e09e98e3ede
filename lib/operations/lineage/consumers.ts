import type { RecordedBuild } from '../../history/recorded-build.ts';
import {
  splitTaskId,
  taskId,
  type ArtifactId,
  type Signature,
  type TaskId,
  type TreeId,
} from '../../terms/ids.ts';
import { signatureIn } from '../../signatures/after-input.ts';
import type { Input } from '../../terms/inputs.ts';
import { recipeIn } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { stagedArtifacts } from '../record/staged-artifacts.ts';

/** What a task made, by all names under which others may have it. */
export interface Output {
  readonly arch: string;
  readonly recipe: string;
  /** With its `do_`. */
  readonly task: string;
  readonly signature: Signature;
  /** What stands for it before other recipes; where it has none, its tree does. */
  readonly artifact: ArtifactId | undefined;
  readonly tree: TreeId;
}

/** Lists the tasks of a build that were given what a task made: those of its recipe first, all in the order in which they run. */
export function consumersOf(record: TheRecord, build: RecordedBuild, output: Output): readonly TaskId[] {
  const own = recipeIn(record, build, output);
  const others = record.recipes(build).filter(({ oid }) => oid !== own?.oid);
  return [
    ...(own === undefined ? [] : takingTasks(own, 'after', (input) => isAfter(output, input))),
    ...others.flatMap((recipe) => [
      ...new Set([
        ...takingTasks(recipe, 'artifact', (input) => isStaged(output, input)),
        ...takingTasks(recipe, 'produced', (input) => isProduced(output, input)),
      ]),
    ]),
  ];
}

function takingTasks(
  recipe: RecordedRecipe,
  kind: Input['kind'],
  isTaken: (input: Input) => boolean,
): readonly TaskId[] {
  return recipe
    .tasks()
    .filter(({ task }) => recipe.inputs(task, kind)?.some(isTaken) === true)
    .map(({ task }) => taskId(recipe.recipe, task));
}

const isAfter = ({ task, signature }: Output, { name, value }: Input): boolean =>
  name === task && signatureIn(value) === signature;

const isStaged = ({ recipe, artifact }: Output, input: Input): boolean =>
  stagedArtifacts([input]).some((staged) => staged.recipe === recipe && staged.id === artifact);

/** Another task may have left the same tree, so then the name must be right too. */
function isProduced({ recipe, task, artifact, tree }: Output, { name, value }: Input): boolean {
  const producer = splitTaskId(name as TaskId);
  const isMeant = producer.recipe === recipe && (artifact !== undefined || producer.task === task);
  return isMeant && value.split(' ').includes(artifact ?? tree);
}
