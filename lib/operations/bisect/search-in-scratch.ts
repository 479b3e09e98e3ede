import { join } from 'node:path';
import { holdBuildLock } from '../../execution/holding/hold-build-lock.ts';
import type { World } from '../../ports/world.ts';
import { bisectDir, type Places } from '../../terms/places.ts';
import type { BisectEvent } from './bisected.ts';
import { type Failures, openFailures } from './failures.ts';
import { runSearch } from './run-search.ts';

export interface Scratch {
  /** Where the scratch build directory and what belongs to it stand. */
  readonly dir: string;
  /** The scratch build directory. */
  readonly buildDir: string;
  readonly failures: Failures;
  readonly signal: AbortSignal;
}

export interface ScratchSearch {
  readonly places: Places;
  /** RECIPE or RECIPE:TASK. */
  readonly rev: string;
  /** Passes over what is known of commands and of failures. */
  readonly again: boolean;
  readonly tell: (event: BisectEvent) => void;
}

/** Runs a search that builds: the scratch build directory is its own, and who else wants it waits; undefined: interrupted. */
export async function searchInScratch<Found>(
  world: World,
  { places, rev, again, tell }: ScratchSearch,
  search: (scratch: Scratch) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const dir = bisectDir(places);
  const buildDir = join(dir, 'build');
  world.fs.mkdirSync(dir, { recursive: true });
  const letGo = await holdBuildLock(
    world,
    { ...places, buildDir: dir, historyDir: join(buildDir, 'history') },
    { what: `varve bisect ${rev}`, wait: true, say: (text) => tell({ kind: 'said', text }) },
  );
  try {
    const failures = openFailures(world, dir, { again });
    return await runSearch(world, (signal) => search({ dir, buildDir, failures, signal }));
  } finally {
    letGo();
  }
}
