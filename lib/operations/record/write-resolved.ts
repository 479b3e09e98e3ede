/** Puts a recorded tree on disk. */
import { handsOn } from '../../execution/hands/hands-on.ts';
import type { History } from '../../history/history.ts';
import { materialise, type Materialised } from '../../history/materialise.ts';
import { timesOf, type Times, type ToldTimes } from '../../history/times.ts';
import { unreadNotes } from '../../history/unread-notes.ts';
import { listEntries } from '../../trees/list-entries.ts';
import type { TheRecord } from './open-record.ts';
import type { ResolvedTree } from './resolved-revision.ts';

/** Writes a tree into a directory as it was: bytes, modes and times. */
export function writeResolved(record: TheRecord, resolved: ResolvedTree, dir: string): Materialised {
  const { world } = record;
  const history = record.history(resolved.arch, resolved.recipe);
  const told = timesIn(history, resolved);
  const options = {
    ...handsOn(world),
    ...(resolved.top === '' ? {} : { under: resolved.top }),
    ...(told === undefined ? {} : { times: told.times }),
  };
  const { warnings, refused } = materialise(world.fs, resolved, { dir, options });
  const unread = unreadNotes(history?.gitDir ?? '', 'times', told?.unread ?? []);
  return { warnings: [...warnings, ...unread], refused };
}

/** What each task wrote has its own time; all of an artifact has one. */
function timesIn(history: History | undefined, resolved: ResolvedTree): ToldTimes | undefined {
  if (resolved.kind === 'artifact')
    return resolved.time === undefined
      ? undefined
      : { times: oneTime(resolved, BigInt(resolved.time) * 1_000_000_000n), unread: [] };
  return history === undefined || resolved.commit === undefined
    ? undefined
    : timesOf(history.objects, history.notes, resolved.commit);
}

function oneTime({ objects, tree, top }: ResolvedTree, time: bigint): Times {
  const entries = listEntries(objects, tree, { under: top }).filter(({ path }) => path !== top);
  return new Map(entries.map(({ path }) => [path.slice(top.length + 1), time]));
}
