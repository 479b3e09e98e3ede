/** `varve build`: what was kept of a build that had nothing to do is the answer as long as that is so; else it is built. */
import type { World } from '../ports/world.ts';
import type { BuildOutcome, BuildRequest } from '../terms/build-request.ts';
import type { BuildEvent } from '../terms/events.ts';
import { repeatIdleBuild } from './building/idle-build.ts';

/** Builds the targets, or says what would be done (`-n`); a failed task is an outcome, not an error. */
export async function build(
  world: World,
  request: BuildRequest,
  emit: (event: BuildEvent) => void,
): Promise<BuildOutcome> {
  // What is kept of builds goes by words and metadata.
  const repeated = request.mixture === undefined ? await repeatIdleBuild(world, request, emit) : undefined;
  if (repeated !== undefined) return repeated;
  // All that reads metadata, plans and runs; most builds of a large workspace have no use for it.
  const { buildAnew } = await import('./building/build-anew.ts');
  return buildAnew(world, request, emit);
}
