import type { World } from '../../ports/world.ts';

/** Runs a search that a person may interrupt. */
export async function runSearch<Found>(
  world: World,
  search: (signal: AbortSignal) => Promise<Found>,
): Promise<Found> {
  const interrupt = new AbortController();
  const release = world.onInterrupt(() => interrupt.abort());
  try {
    return await search(interrupt.signal);
  } finally {
    release();
  }
}
