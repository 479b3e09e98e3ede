/** Looks whether what builds say of results is what the names of a history lead to. */
import type { CheckedHistory } from '../../history/check-history.ts';
import type { Finding } from '../../history/finding.ts';
import { isNoted } from '../../history/noted-commits.ts';
import { asTaskCommit, type TaskCommit } from '../../history/task-commits.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { CommitId, ObjectId } from '../../terms/ids.ts';
import { groupBy } from '../../terms/group-by.ts';
import { shellWord } from '../../terms/shell-word.ts';
import { type CheckedBuilds, forgetBuilds, inBuilds, recipeKey, type RecipeState } from './check-builds.ts';

/**
 * Compares the results that builds name with the commits, and the names of tasks with these results; `histories` are by
 * `ARCH/PN`. Commits that are not there are none of its business.
 */
export function checkResults(
  fs: FileSystem,
  builds: CheckedBuilds,
  histories: ReadonlyMap<string, CheckedHistory>,
): readonly Finding[] {
  const statesOf = groupBy(builds.states, ({ recipe }) => recipeKey(recipe));
  return [...histories].flatMap(([key, history]) => {
    if (history.isBlind) return [];
    const states = statesOf.get(key) ?? [];
    return [
      ...states.flatMap((state) => wrongResults(builds, state, history)),
      ...wrongNames(fs, history, resultsIn(states, history)),
    ];
  });
}

/**
 * `ARCH/PN` of the histories that name no task, though builds tell of results that are there. A power cut in the first build of
 * a recipe may leave that, and so may whoever takes packed-refs away: nobody can tell the two apart.
 */
export function findNameless(
  { states }: CheckedBuilds,
  histories: ReadonlyMap<string, CheckedHistory>,
): readonly string[] {
  const statesOf = groupBy(states, ({ recipe }) => recipeKey(recipe));
  return [...histories].flatMap(([key, history]) => {
    const namesTasks = [...history.refs.keys()].some((name) => name.startsWith('refs/tags/do_'));
    const isNameless =
      !namesTasks && !history.isBlind && resultsIn(statesOf.get(key) ?? [], history).size > 0;
    return isNameless ? [key] : [];
  });
}

/** A result that a build names, and the newest build that does. */
interface NamedResult {
  readonly commit: TaskCommit;
  readonly build: number;
}

/** What a build names is a success of that task for these inputs. */
function wrongResults(
  builds: CheckedBuilds,
  { recipe, builds: numbers }: RecipeState,
  history: CheckedHistory,
): readonly Finding[] {
  return recipe.tasks().flatMap(({ task, signature, commit }) => {
    if (commit === undefined || history.typeOf(commit) !== 'commit') return [];
    const found = readTask(history, commit);
    const id = `${recipe.recipe}:${task}`;
    if (found?.task === id && found.signature === signature && !found.fell) return [];
    return [
      {
        place: builds.repository.gitDir,
        what: `${inBuilds(numbers)} ${id} is commit ${commit.slice(0, 12)}, which is no result of it for these inputs`,
        hints: [forgetBuilds(builds, numbers)],
      },
    ];
  });
}

/** By task and signature, the results that builds name and that are there, of each commit once. */
function resultsIn(
  states: readonly RecipeState[],
  history: CheckedHistory,
): ReadonlyMap<string, readonly NamedResult[]> {
  const found = new Map<string, Map<CommitId, NamedResult>>();
  for (const { recipe, builds } of states) {
    const build = Math.max(...builds);
    for (const { commit: id } of recipe.tasks()) {
      const commit = id !== undefined && history.typeOf(id) === 'commit' ? readTask(history, id) : undefined;
      if (commit === undefined || commit.fell) continue;
      const results = found.get(keyOf(commit)) ?? new Map<CommitId, NamedResult>();
      found.set(keyOf(commit), results);
      if ((results.get(commit.id)?.build ?? 0) < build) results.set(commit.id, { commit, build });
    }
  }
  return new Map([...found].map(([key, results]) => [key, [...results.values()]]));
}

const keyOf = ({ task, signature }: TaskCommit): string => `${task} ${signature}`;

/** A task's tag leads to what a build names for these inputs, or to what is known to have been left in another way. */
function wrongNames(
  fs: FileSystem,
  history: CheckedHistory,
  results: ReadonlyMap<string, readonly NamedResult[]>,
): readonly Finding[] {
  return [...history.refs].flatMap(([name, oid]) => {
    if (!/^refs\/tags\/do_[^@]+(?:@[0-9a-f]{12})?$/.test(name)) return [];
    const commit = history.typeOf(oid) === 'commit' ? readTask(history, oid as CommitId) : undefined;
    const named = commit === undefined ? [] : (results.get(keyOf(commit)) ?? []);
    const newest = named.reduce<NamedResult | undefined>(
      (best, each) => (best === undefined || each.build > best.build ? each : best),
      undefined,
    );
    if (commit === undefined || newest === undefined) return [];
    if (named.some((each) => each.commit.tree === commit.tree)) return [];
    return isAccountedFor(fs, history, { commit, other: newest.commit })
      ? []
      : [otherResult(history, { name, commit }, newest)];
  });
}

/**
 * A build that did not come to be recorded may have left another result for the same inputs: of a task that ran there is
 * a note; one that does nothing has the tree that it stands on; and what had been done before on the same tree was taken
 * up with its tree.
 */
function isAccountedFor(
  fs: FileSystem,
  history: CheckedHistory,
  { commit, other }: { readonly commit: TaskCommit; readonly other: TaskCommit },
): boolean {
  const doesNothing = ({ tree, parents: [parent] }: TaskCommit): boolean =>
    parent !== undefined &&
    history.typeOf(parent) === 'commit' &&
    history.objects.readCommit(parent).tree === tree;
  return (
    isNoted(fs, history.gitDir, commit.id) ||
    (doesNothing(commit) && doesNothing(other)) ||
    history.commits.some((id) => id !== commit.id && isSameWork(readTask(history, id), commit))
  );
}

function isSameWork(found: TaskCommit | undefined, commit: TaskCommit): boolean {
  return found?.task === commit.task && found.step === commit.step && found.tree === commit.tree;
}

function otherResult(
  { gitDir }: CheckedHistory,
  { name, commit }: { readonly name: string; readonly commit: TaskCommit },
  { commit: other, build }: NamedResult,
): Finding {
  return {
    place: gitDir,
    what: `${name.slice('refs/tags/'.length)} names commit ${commit.id.slice(0, 12)}, of which no build tells; for the same inputs build ${build} has ${other.id.slice(0, 12)} with another tree`,
    hints: [`git --git-dir ${gitDir} update-ref ${shellWord(name)} ${other.id}   names that one again`],
  };
}

const readTask = ({ objects }: CheckedHistory, id: CommitId & ObjectId): TaskCommit | undefined =>
  asTaskCommit(id, objects.readCommit(id));
