import { installTask } from '../../graph/arrange-tasks.ts';
import type { CommitId } from '../../terms/ids.ts';
import type { Say } from '../../terms/say.ts';
import type { Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { installedBy } from './artifact-origins.ts';
import { taskChain } from './task-chain.ts';

/**
 * Puts the tasks that made the artifact in the place of those that made it anew and otherwise, whose result is not used; of one
 * that was made elsewhere only do_install goes.
 *
 * @param asked `commits`: what the tasks left in the build, oldest first; `say` hears of it
 */
export function artifactChain(
  record: TheRecord,
  standing: Standing,
  { commits, say }: { readonly commits: readonly CommitId[]; readonly say: Say },
): readonly CommitId[] {
  const { recipe } = standing;
  const [own, artifact] = [recipe.task(installTask), recipe.artifact()];
  const history = record.history(recipe.arch, recipe.recipe);
  if (history === undefined || own?.commit === undefined || own.signature !== artifact?.signature)
    return commits;
  if (!commits.includes(own.commit) || history.readTask(own.commit)?.edited === true) return commits;
  const made = installedBy(record, standing, '');
  if (!('unknown' in made) && made.commit === own.commit) return commits;
  const [name, build] = [recipe.recipe, standing.build.n];
  say(`note: ${name} came out otherwise when it was made anew; these are the tasks that its artifact is of`);
  say(`hint: varve log ${name}@${build}:install   lists those that build ${build} stands on`);
  if ('unknown' in made) return commits.filter((commit) => commit !== own.commit);
  const instead = new Set(taskChain(history, own.commit));
  return [...taskChain(history, made.commit), ...commits.filter((commit) => !instead.has(commit))];
}
