/** Puts a recorded tree on disk. */
import { handsOn } from '../../execution/hands/hands-on.ts';
import { materialise, type Materialised } from '../../history/materialise.ts';
import { timesOf, type Times } from '../../history/times.ts';
import { listEntries } from '../../trees/list-entries.ts';
import type { TheRecord } from './open-record.ts';
import type { ResolvedTree } from './resolved-revision.ts';

/** Writes a tree into a directory as it was: bytes, modes and times. */
export function writeResolved(record: TheRecord, resolved: ResolvedTree, dir: string): Materialised {
  const { world } = record;
  const times = timesIn(record, resolved);
  const options = {
    ...handsOn(world),
    ...(resolved.top === '' ? {} : { under: resolved.top }),
    ...(times === undefined ? {} : { times }),
  };
  return materialise(world.fs, resolved, { dir, options });
}

/** What each task wrote has its own time; all of an artifact has one. */
function timesIn(record: TheRecord, resolved: ResolvedTree): Times | undefined {
  if (resolved.kind === 'artifact')
    return resolved.time === undefined
      ? undefined
      : oneTime(resolved, BigInt(resolved.time) * 1_000_000_000n);
  const history = record.history(resolved.arch, resolved.recipe);
  return history === undefined || resolved.commit === undefined
    ? undefined
    : timesOf(history.objects, history.notes, resolved.commit);
}

function oneTime({ objects, tree, top }: ResolvedTree, time: bigint): Times {
  const entries = listEntries(objects, tree, { under: top }).filter(({ path }) => path !== top);
  return new Map(entries.map(({ path }) => [path.slice(top.length + 1), time]));
}
