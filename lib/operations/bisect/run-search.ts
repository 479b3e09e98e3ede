import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../../ports/world.ts';

/** Milliseconds in which an interruption is heard of. */
const HEARD = 20;

/** Runs a search that a person may interrupt; undefined where one did. */
export async function runSearch<Found>(
  world: World,
  search: (signal: AbortSignal) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const interrupt = new AbortController();
  const release = world.onInterrupt(() => interrupt.abort());
  try {
    const [ended] = await Promise.allSettled([search(interrupt.signal)]);
    // A terminal interrupts git, too: what comes of that is no answer, and is there before the interruption is heard of.
    await delay(HEARD);
    if (interrupt.signal.aborted) return undefined;
    if (ended.status === 'rejected') throw ended.reason;
    return ended.value;
  } finally {
    release();
  }
}
