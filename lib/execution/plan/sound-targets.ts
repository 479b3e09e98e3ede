/** What `-k` goes on with where the metadata of some of its targets is wrong. */
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { makePlan, type PlanRequest } from './make-plan.ts';

export interface SoundTargets {
  /** Those that can be built, as they were typed. */
  readonly targets: readonly string[];
  /** The others, and why not. */
  readonly refused: readonly { readonly target: string; readonly error: VarveError }[];
}

/**
 * Tries out which targets can be planned, down to the inputs of every task: a recipe that cannot be read, or whose
 * sources cannot be named, is in nobody's way who does not need it. Throws where there is nothing left to build.
 */
export function soundTargets(world: World, plan: PlanRequest): SoundTargets {
  const { targets } = plan.request;
  const wrong = errorOf(world, plan, targets);
  if (wrong === undefined) return { targets, refused: [] };
  if (targets.length === 1) throw wrong;
  const tried = targets.map((target) => ({ target, error: errorOf(world, plan, [target]) }));
  const refused = tried.flatMap(({ target, error }) => (error === undefined ? [] : [{ target, error }]));
  if (refused[0] !== undefined && refused.length === targets.length) throw refused[0].error;
  return { targets: tried.flatMap(({ target, error }) => (error === undefined ? [target] : [])), refused };
}

function errorOf(world: World, plan: PlanRequest, targets: readonly string[]): VarveError | undefined {
  // As for `-n`: nothing is written, and nothing is said that the plan itself will say.
  const request = { ...plan.request, targets, dryRun: true };
  try {
    const { context } = makePlan(world, { ...plan, request, emit: () => {} });
    for (const task of context.graph.tasks.values()) context.signer.draft(task, context.known);
    return undefined;
  } catch (error) {
    if (error instanceof VarveError) return error;
    throw error;
  }
}
