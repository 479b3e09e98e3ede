/** Modification times of files: told in notes, never part of a commit's content. */
import type { ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type CommitId } from '../terms/ids.ts';
import { decodeRaw, encodeRaw } from '../trees/raw-text.ts';
import type { Notes } from './notes.ts';

/** Nanoseconds since the epoch by raw path relative to the WORKDIR. */
export type Times = ReadonlyMap<string, bigint>;

const SECOND = 1_000_000_000n;
const MOST = 10n ** 15n * SECOND;

/** Writes times as sorted lines, `./path time=seconds.nanoseconds`. */
export function formatTimes(times: Times): string {
  return [...times]
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .map(
      ([path, time]) =>
        `./${encodeRaw(path)} time=${secondsOf(time)}.${nanosecondsOf(time).toString().padStart(9, '0')}\n`,
    )
    .join('');
}

/** Reads what {@link formatTimes} wrote; lines that say something else are passed over. */
export function parseTimes(text: string): Map<string, bigint> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const read = parseTime(line);
      return read === undefined || !isTaken(read[1]) ? [] : [read];
    }),
  );
}

/** Reads a line that {@link formatTimes} wrote; undefined for another. */
export function parseTime(line: string): readonly [path: string, time: bigint] | undefined {
  const match = /^\.\/([!-~]+) time=(-?\d{1,19})\.(\d{9})$/.exec(line);
  if (match === null) return undefined;
  return [decodeRaw(match[1] ?? ''), BigInt(match[2] ?? 0) * SECOND + BigInt(match[3] ?? 0)];
}

/** What is said by a few file systems in memory is more than another takes. */
const isTaken = (time: bigint): boolean => -MOST < time && time < MOST;

/** Whole seconds of a time, rounded down. */
export function secondsOf(time: bigint): bigint {
  return (time - nanosecondsOf(time)) / SECOND;
}

/** What a time has beyond whole seconds. */
export function nanosecondsOf(time: bigint): bigint {
  return ((time % SECOND) + SECOND) % SECOND;
}

/** The times of everything in a commit, as far as they are told. */
export interface ToldTimes {
  readonly times: Times;
  /** Commits on the way whose note cannot be read, or not all of it. */
  readonly unread: readonly CommitId[];
}

/** Collects the times of everything in a commit: of each path the newest writer along the chain of parents. */
export function timesOf(objects: ObjectStore, notes: Notes, commit: CommitId): ToldTimes {
  const times = new Map<string, bigint>();
  const unread: CommitId[] = [];
  for (let at: CommitId | undefined = commit; at !== undefined; at = objects.readCommit(at).parents[0]) {
    const lines = notes.read('times', at)?.toString('latin1').split('\n') ?? [''];
    let isWhole = lines.at(-1) === '';
    for (const [i, line] of lines.entries()) {
      const [path, time] = parseTime(line) ?? [];
      if (path === undefined || time === undefined) isWhole &&= i === lines.length - 1;
      else if (isTaken(time) && !times.has(path)) times.set(path, time);
    }
    if (!isWhole) unread.push(at);
  }
  return { times, unread };
}

/**
 * Whether a file's time stands for a recorded one: equal, or the same cut off where the system calls
 * of Node cut (microseconds). Never later: a file must not look newer than what was made from it.
 */
export function standsFor(actual: bigint, recorded: bigint): boolean {
  return actual <= recorded && recorded - actual < 2000n;
}

/** The argument for utimes that sets a time, cut off to microseconds. */
export function utimesArgument(time: bigint): number | string {
  // A third of a microsecond more, so that no rounding on the way down to the kernel loses a whole one.
  const seconds = (Number(time / 1000n) + 0.3) / 1e6;
  // Node takes a number below zero for no time at all, and sets the present one.
  return seconds < 0 ? String(seconds) : seconds;
}
