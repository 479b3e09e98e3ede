import { openStore } from '../../artifacts/store.ts';
import { makePlan, type Plan } from '../../execution/plan/make-plan.ts';
import { judgeBy } from '../../execution/results/judging.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { TheRecord } from '../record/open-record.ts';
import { openTrust } from '../store/open-trust.ts';
import { reachMirrors } from '../store/reach-mirrors.ts';

/** Makes the plan of these targets, for questions: nothing is made, and no mirror is asked. */
export async function planNow(
  record: TheRecord,
  metadata: Metadata,
  targets: readonly string[],
): Promise<Plan> {
  const { world, places } = record;
  const { signal } = new AbortController();
  const emit = (): void => {};
  const trust = openTrust(world, metadata, () => {});
  const mirrors = await reachMirrors(world, metadata, { ask: 'none', trust, signal, emit });
  return makePlan(world, {
    metadata,
    request: {
      buildDir: places.buildDir,
      targets,
      keepGoing: false,
      dryRun: true,
      force: false,
      cache: true,
      offline: true,
      wait: false,
      verbose: false,
    },
    number: (record.builds.at(-1)?.n ?? 0) + 1,
    ...judgeBy(trust),
    store: openStore({ fs: world.fs, dir: places.artifactDir }, trust),
    runner: world.taskRunner(),
    memo: new Map(),
    mirrors,
    signal,
    emit,
  });
}
