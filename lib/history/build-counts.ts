import type { Counts } from '../terms/events.ts';

/** Writes what came of a build's tasks as a trailer has it: `12 run, 0 restore, 80 current, …`. */
export function formatCounts(counts: Counts): string {
  const { run, restore, current, covered, failed, interrupted, skipped } = counts;
  const cutOff = interrupted === undefined ? '' : `, ${interrupted} interrupted`;
  return `${run} run, ${restore} restore, ${current} current, ${covered} covered, ${failed} failed, ${skipped} skipped${cutOff}`;
}

/** Reads what {@link formatCounts} wrote; undefined where it is something else. */
export function parseCounts(text: string): Counts | undefined {
  const count = (end: keyof Counts): number =>
    Number(new RegExp(`(\\d+) ${end}\\b`).exec(text)?.[1] ?? Number.NaN);
  const counts: Counts = {
    run: count('run'),
    restore: count('restore'),
    current: count('current'),
    covered: count('covered'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
  if (Object.values(counts).some(Number.isNaN)) return undefined;
  const interrupted = count('interrupted');
  return Number.isNaN(interrupted) ? counts : { ...counts, interrupted };
}
