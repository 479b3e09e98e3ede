import type { RecordedBuild } from '../../history/recorded-build.ts';
import { keptBuilds, type KeepPolicy } from '../../planning/kept-builds.ts';
import type { ChosenBuilds, StatedHistory } from './history-reach.ts';
import { reachOf } from './history-reach.ts';
import { keepableBuilds } from './keepable-builds.ts';
import type { TheRecord } from '../record/open-record.ts';

/**
 * Chooses the builds that are kept: those of the policy; where their histories would be larger than `maxSize`, the oldest of
 * them go, but not what is always kept.
 */
export function chooseBuilds(
  record: TheRecord,
  policy: KeepPolicy,
  size: { readonly maxSize: number | undefined; readonly histories: readonly StatedHistory[] },
): ChosenBuilds {
  const all = keepableBuilds(record);
  const wanted = keptBuilds(all, policy);
  const always = keptBuilds(all, { newest: 1, since: Infinity });
  const { maxSize } = size;
  if (maxSize === undefined) return chosen(record, wanted);
  const reaches = size.histories.map((history) => reachOf(record, history, chosen(record, always)));
  let bytes = reaches.reduce((sum, reach) => sum + reach.bytes, 0);
  const kept = [...always];
  for (const build of wanted.filter(({ n }) => !always.some((each) => each.n === n)).toReversed()) {
    bytes += reaches.reduce((sum, reach) => sum + reach.add(build), 0);
    if (bytes > maxSize) break;
    kept.push(build);
  }
  return chosen(record, kept);
}

function chosen({ builds }: TheRecord, kept: readonly RecordedBuild[]): ChosenBuilds {
  const numbers = new Set(kept.map(({ n }) => n));
  return {
    kept: builds.filter(({ n }) => numbers.has(n)),
    dropped: builds.filter(({ n }) => !numbers.has(n)),
  };
}
