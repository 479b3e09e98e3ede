/** Finds the first task of a chain, and the patch in it, whose result makes a command fail. No task runs. */
import type { World } from '../../ports/world.ts';
import { keptEdits } from '../../execution/workdir/find-left.ts';
import { parseRevision } from '../../terms/revision.ts';
import { closest } from '../../terms/closest.ts';
import { taskName, type CommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { BisectEvent, BisectedTasks, TaskOfChain } from './bisected.ts';
import { findNewest, findWithTask } from '../record/find-recorded.ts';
import { lineageOf, type Step } from '../lineage/lineage.ts';
import { openNamed } from '../record/open-named.ts';
import type { TheRecord } from '../record/open-record.ts';
import { resolveTask, resolveTreeRevision } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { spokenIn } from '../record/spoken-in.ts';
import { asTried, createJudge } from './create-judge.ts';
import { toldWhere, type NamedResult } from './named-tree.ts';
import { runSearch } from './run-search.ts';
import { searchRow } from './search-row.ts';

export interface BisectTasksRequest {
  readonly buildDir: string;
  /** RECIPE[@BUILD], the chain up to do_install; or RECIPE[@BUILD]:TASK, up to that. */
  readonly rev: string;
  /** A task of the chain; else do_unpack, or the first. */
  readonly good?: string | undefined;
  /** A later one; else the last. */
  readonly bad?: string | undefined;
  readonly command: readonly string[];
  /** Nothing that the command said before counts. */
  readonly again: boolean;
}

/** Bisects over tasks; undefined where a person interrupted it. */
export async function bisectTasks(
  world: World,
  request: BisectTasksRequest,
  tell: (event: BisectEvent) => void,
): Promise<BisectedTasks | undefined> {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const last = lastOfChain(record, rev);
  const row = between(chainTo(record, last), request);
  return runSearch(world, async (signal) => {
    const judge = createJudge(world, record.places, { ...request, signal });
    const found = await searchRow(row, {
      judge: async (state) => asTried(await judge(record, toldWhere(state))),
      tell,
      hint: `varve log ${request.rev}   shows what each task did`,
    });
    if (found === undefined) return undefined;
    return {
      over: 'tasks',
      recipe: last.recipe,
      ...(last.build !== undefined && { build: last.build }),
      ...(record.imported !== undefined && { imported: record.imported }),
      firstBad: told(found.firstBad),
      lastGood: told(found.lastGood),
      unjudged: found.unjudged.map(told),
      inputs: [],
      predicateRuns: found.predicateRuns,
      tasksRun: 0,
    };
  });
}

function lastOfChain(record: TheRecord, rev: string): ResolvedTree {
  const revision = parseRevision(rev);
  if (revision.kind === 'failed') return resolveTreeRevision(record, revision);
  if (revision.kind !== 'artifact' && revision.kind !== 'task') {
    throw new VarveError('usage', `bisect --over tasks takes RECIPE[@BUILD][:TASK], not "${rev}"`, {
      hints: ['varve bisect zlib --over tasks -- COMMAND…'],
    });
  }
  const task = revision.kind === 'task' ? revision.task : 'do_install';
  return resolveTask(record, findWithTask(record, revision, { task, build: revision.build }), task);
}

/** A state on the way, which several steps may have left as it was. */
interface State extends NamedResult {
  readonly steps: readonly TaskOfChain[];
}

/** Oldest first. */
function chainTo(record: TheRecord, last: ResolvedTree): readonly State[] {
  const history = record.history(last.arch, last.recipe);
  if (history === undefined || last.commit === undefined) return [];
  const kept = keptEdits(history);
  const states: State[] = [];
  let isEdited = false;
  for (const { commit, tree, task, patch } of lineageOf(history, last.commit).toReversed()) {
    const edits = kept.get(commit);
    const rev = revOf(record, last, { commit, task, patch, edits });
    const step: TaskOfChain = {
      task,
      ...(patch !== undefined && { patch }),
      ...(edits !== undefined && { edits }),
      ...(isEdited && { edited: true }),
      ...(rev !== undefined && { rev }),
    };
    isEdited ||= edits !== undefined;
    const before = states.at(-1);
    if (before?.resolved.tree === tree) {
      states[states.length - 1] = { ...before, steps: [...before.steps, step] };
      continue;
    }
    states.push({ name: nameOf(step), steps: [step], resolved: { ...last, tree, commit, task } });
  }
  return states;
}

/** Two results of one task may lie on the way, before and after edits. */
function nameOf({ task, patch, edits, edited }: TaskOfChain): string {
  if (edits !== undefined) return `edited@${edits}`;
  return `${patch === undefined ? task : `${task} ${patch}`}${edited === true ? ' with edits' : ''}`;
}

/** How the result of a step is typed, which may be that of an earlier build; undefined where nothing names it. */
function revOf(
  record: TheRecord,
  { arch, recipe, rev, build = Infinity, commit: end }: ResolvedTree,
  step: Pick<Step, 'commit' | 'task'> & {
    readonly patch: string | undefined;
    readonly edits: number | undefined;
  },
): string | undefined {
  const { commit, task, patch, edits } = step;
  if (edits !== undefined) return spokenIn(record, `${recipe}:edited@${edits}`);
  if (commit === end) return rev;
  const isMade = (made: CommitId | undefined): boolean => patch === undefined && made === commit;
  const made = findNewest(record, { arch, recipe }, (at) => isMade(at.recipe.task(task)?.commit), build + 1);
  return made && spokenIn(record, `${recipe}@${made.build.n}:${task}`);
}

function between(chain: readonly State[], { rev, good, bad }: BisectTasksRequest): readonly State[] {
  const has = (task: string): ((state: State) => boolean) => {
    const name = taskName(task);
    return ({ steps }) => steps.some((step) => step.task === name && step.patch === undefined);
  };
  const place = (task: string): number => {
    const index = chain.findLastIndex(has(task));
    if (index === -1) throw notInChain(chain, rev, task);
    return index;
  };
  const from = good === undefined ? Math.max(chain.findIndex(has('do_unpack')), 0) : place(good);
  const to = bad === undefined ? chain.length - 1 : place(bad);
  if (from < to) return chain.slice(from, to + 1);
  const [first, last] = [chain[from]?.name ?? good, chain[to]?.name ?? bad];
  throw new VarveError('usage', `nothing was changed in ${rev} from ${first} to ${last}`, {
    hints: [`varve log ${rev}   shows what each task did`],
  });
}

function notInChain(chain: readonly State[], rev: string, task: string): VarveError {
  if (/^@|^\d+$/.test(task)) {
    return new VarveError(
      'usage',
      `"${task}" is a build, and over tasks a bisection goes from task to task`,
      {
        hints: [`varve log ${rev}   lists the tasks`, 'without --over tasks it goes from build to build'],
      },
    );
  }
  const names = chain.flatMap(({ steps }) => steps.map((step) => step.task));
  const near = closest(taskName(task), names);
  return new VarveError('usage', `${rev} has no task ${taskName(task)} in its chain`, {
    hints: near === undefined ? [`varve log ${rev}   lists them`] : [`did you mean "${near}"?`],
  });
}

function told({ steps }: State): TaskOfChain {
  const [step] = steps;
  if (step === undefined) throw new Error('a state of a chain was made by nothing');
  return step;
}
