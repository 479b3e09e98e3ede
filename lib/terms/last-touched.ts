/** Whether a file's stat tells its content: clocks have ticks, and within one a file may change twice unseen. */

/** The coarsest tick, in nanoseconds, of a file system that has nanoseconds at all. */
export const TICK = 20_000_000n;

const second = 1_000_000_000n;

/**
 * When a file was changed last, at the latest; nanoseconds since the epoch. A time without a fraction is that of a file
 * system that knows no smaller ticks, or only every other one.
 */
export function lastTouched({
  mtimeNs,
  ctimeNs,
}: {
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}): bigint {
  const last = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return last % second === 0n ? last + 2n * second : last;
}
