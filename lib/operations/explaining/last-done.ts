import type { RecordedBuild } from '../../history/recorded-build.ts';
import type { Reason } from '../../terms/verdict.ts';
import { recipeIn } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

export interface RecordedTaskName {
  readonly arch: string;
  readonly recipe: string;
  readonly task: string;
}

/** A build, and where the recipe stood in it. */
export interface LastDone {
  readonly build: RecordedBuild;
  readonly recipe: RecordedRecipe;
}

/** The newest build, or the newest before one, in which a task had a result, its own or a later one that stood for it. */
export function lastDone(
  record: TheRecord,
  { task, ...name }: RecordedTaskName,
  before = Infinity,
): LastDone | undefined {
  for (const build of record.builds.filter(({ n }) => n < before).toReversed()) {
    const recipe = recipeIn(record, build, name);
    const own = recipe?.task(task);
    if (recipe === undefined || own === undefined) continue;
    if (own.commit !== undefined || recipe.artifact() !== undefined) return { build, recipe };
  }
  return undefined;
}

/** Why a task runs: the record may know of a result of the same inputs where the history has none any more. */
export function knownReason(reason: Reason, last: LastDone | undefined, task: string): Reason {
  const own = last?.recipe.task(task);
  if (last === undefined || reason.kind !== 'never-built' || reason.failed !== undefined) return reason;
  const isMade = last.recipe.artifacts().some(({ signature }) => signature === own?.signature);
  if (own?.commit === undefined && !isMade) return reason;
  return { kind: 'missing', what: `its result of build ${last.build.n} is not here any more` };
}
