import type { Site } from '../../execution/workdir/site.ts';
import type { Revision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findNewest } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';

/** Throws for a task that the recipe has and that left no commit here so far, with the command that makes one. */
export function refuseUnmade(record: TheRecord, site: Site, revision: Revision): void {
  if (revision.kind !== 'task' || revision.build !== undefined) return;
  const { name, tasks } = site.recipe;
  const { task } = revision;
  const made = findNewest(record, revision, ({ recipe }) =>
    recipe.tasks().some((each) => each.task === task && each.commit !== undefined),
  );
  if (made !== undefined || !tasks.some((each) => each.name === task)) return;
  const failed = `varve shell ${name}:${task}@failed   is where it failed`;
  const stands = findNewest(record, revision, ({ recipe }) => recipe.artifact(task) !== undefined);
  throw new VarveError('usage', `${name}:${task} has no commit yet: it has not come to its end here`, {
    hints: [
      ...(site.failed(task) === undefined ? [] : [failed]),
      makeThenEnter(name, task, stands !== undefined),
    ],
  });
}

/** What to type where a shell is wanted after a task that has left no commit; one that an artifact stands for is forced. */
export function makeThenEnter(recipe: string, task: string, artifactStands = false): string {
  const short = task.replace(/^do_/, '');
  return `varve build ${artifactStands ? '-f ' : ''}-c ${short} ${recipe} && varve shell ${recipe}:${short}`;
}
