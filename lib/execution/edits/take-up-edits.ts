/** Which edits a recipe is built with: those in force, with what was typed since, or what `-f -c TASK` finds. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { World } from '../../ports/world.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { readEditing, type Editing } from './editing.ts';
import { isResult } from '../workdir/find-left.ts';
import { foreseeLeft, type ForeseenLeft, keepLeft } from '../workdir/keep-left.ts';
import { resultsBelow } from './results-below.ts';
import { shownEdits, standsOn, type EditedState } from './shown-edits.ts';
import type { Site } from '../workdir/site.ts';

export interface TakingUp {
  readonly world: World;
  readonly site: Site;
  /** The tasks that the WORKDIR goes through. */
  readonly chain: readonly string[];
  /** The task of the chain that was forced by name. */
  readonly forced: string | undefined;
  /** False: nothing is written, and edits in the WORKDIR are taken as if they were kept. */
  readonly keep: boolean;
}

/** Takes edits up; undefined where there are none to build with. They come into force when it is known that they fit. */
export function takeUpEdits({ world, site, chain, forced, keep }: TakingUp): Editing | undefined {
  const standing = readEditing(site);
  if (!site.hasHistory() || (standing === undefined && forced === undefined)) return undefined;
  const left = keep ? keepLeft(world, site) : foreseeLeft(world, site);
  const state = stateToUse(site, left, { standing, forced: forced !== undefined });
  const edits = state === undefined ? standing : { from: standing?.from ?? installTask, ...state };
  if (edits === undefined) return undefined;
  const from =
    state === undefined || forced === undefined ? edits.from : firstOf(site, edits.commit, { chain, forced });
  return { ...edits, from: chain.includes(from) ? from : installTask };
}

function stateToUse(
  site: Site,
  left: ForeseenLeft | undefined,
  { standing, forced }: { readonly standing: Editing | undefined; readonly forced: boolean },
): EditedState | undefined {
  if (forced) return shownEdits(site, left, standing);
  const isWanted = left !== undefined && left.kind !== 'unfinished' && standsOn(site, standing);
  return isWanted && left.commit !== undefined ? { commit: left.commit, tree: left.tree } : undefined;
}

/** The forced task, or an earlier one where the WORKDIR does not come up to it. */
function firstOf(
  site: Site,
  commit: CommitId,
  { chain, forced }: { readonly chain: readonly string[]; readonly forced: string },
): string {
  const stood = resultsBelow(site, commit).find(({ task }) => chain.includes(splitTaskId(task).task));
  if (stood === undefined) return forced;
  const { task } = splitTaskId(stood.task);
  const next = chain.indexOf(task) + (isResult(site, stood) ? 1 : 0);
  return chain[Math.min(next, chain.indexOf(forced))] ?? forced;
}
