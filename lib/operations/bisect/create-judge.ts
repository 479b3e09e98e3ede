/** Judges trees by a person's command, or by what it said of them before. */
import type { Judged, Tried } from './bisected.ts';
import type { World } from '../../ports/world.ts';
import type { Places } from '../../terms/places.ts';
import type { TheRecord } from '../record/open-record.ts';
import { openJudgements, type JudgementsOf } from './judgements.ts';
import type { NamedTree } from './named-tree.ts';
import { runPredicate } from './run-predicate.ts';

/** Judges a tree of a record; undefined where a person interrupted it. */
export type Judge = (record: TheRecord, tree: NamedTree) => Promise<Judged | undefined>;

/** Makes the judge of one search, who remembers in the record at `places`. */
export function createJudge(
  world: World,
  places: Places,
  options: JudgementsOf & { readonly signal: AbortSignal },
): Judge {
  const judgements = openJudgements(world, places, options);
  return async (record, tree) => {
    const known = judgements.find(tree);
    if (known !== undefined) return { ...known, remembered: true };
    const judgement = await runPredicate(record, tree, options);
    if (judgement === undefined) return undefined;
    judgements.keep(tree, judgement);
    return { ...judgement, remembered: false };
  };
}

/** What came of trying a tree that was there. */
export const asTried = (judged: Judged | undefined): Tried | undefined =>
  judged && { kind: 'judged', ...judged };
