/** Finds the first build whose result makes a command fail. No task runs: everything is in the record. */
import type { World } from '../../ports/world.ts';
import { explainTask } from '../../signatures/explain-changes.ts';
import { taskId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { bisectable, type Bisectable } from './bisectable.ts';
import type { BisectEvent, BisectedBuilds } from './bisected.ts';
import { bisectCandidates, type Candidate } from './bisect-candidates.ts';
import { changedInputs } from '../explaining/changed-inputs.ts';
import type { ExplainedCause } from '../explaining/explanation.ts';
import { withStat } from '../explaining/file-stat.ts';
import { openEach } from '../record/open-named.ts';
import type { TheRecord } from '../record/open-record.ts';
import { asTried, createJudge } from './create-judge.ts';
import { toldWhere } from './named-tree.ts';
import { runSearch } from './run-search.ts';
import { searchRow, type FoundInRow } from './search-row.ts';

export interface BisectRequest {
  readonly buildDir: string;
  /** RECIPE or RECIPE:TASK. */
  readonly rev: string;
  readonly good: string;
  readonly bad: string;
  readonly command: readonly string[];
  /** Nothing that the command said before counts. */
  readonly again: boolean;
}

/** Bisects; undefined where a person interrupted it. */
export async function bisectBuilds(
  world: World,
  request: BisectRequest,
  tell: (event: BisectEvent) => void,
): Promise<BisectedBuilds | undefined> {
  const revision = bisectable(request.rev);
  const [good, bad] = openEach(world, request.buildDir, [request.good, request.bad].map(asBuild));
  if (good === undefined || bad === undefined) throw new Error('a search has two ends');
  const { record } = good;
  if (bad.record !== record) throw ofTwoRecords(request, revision);
  return runSearch(world, async (signal) => {
    const ends = { good: good.rev, bad: bad.rev };
    const { candidates, passedOver } = bisectCandidates(record, revision, ends);
    for (const [why, builds] of passedOver) tell({ kind: 'passed-over', builds, why });
    const judge = createJudge(world, record.places, { ...request, signal });
    const found = await searchRow(candidates, {
      judge: async (candidate) => asTried(await judge(record, toldWhere(candidate))),
      tell,
      hint:
        record.imported === undefined
          ? 'varve builds   lists the builds'
          : `varve log ${revision.recipe}@${record.imported}${good.rev} --across   lists its builds`,
    });
    return found && conclude(record, revision, found);
  });
}

/** `@12`, `12`, `@ann@12` and `ann@12` may all be typed for a build. */
export function asBuild(typed: string): string {
  return typed.startsWith('@') ? typed : `@${typed}`;
}

function ofTwoRecords({ rev, good, bad }: BisectRequest, revision: Bisectable): VarveError {
  return new VarveError(
    'usage',
    `${asBuild(good)} and ${asBuild(bad)} are not of one record: neither comes before the other, and no build lies between them`,
    {
      hints: [
        ...compareEnds(revision, { good, bad }),
        `varve bisect ${rev} --over commits --good ${asBuild(good)} --bad ${asBuild(bad)} -- COMMAND…   searches what lies between the commits of a layer`,
      ],
    },
  );
}

/** What can be asked about the ends of a search that is none. */
export function compareEnds(
  { arch, recipe, task }: Bisectable,
  { good, bad }: { readonly good: string; readonly bad: string },
): readonly string[] {
  const name = arch === undefined ? recipe : `${arch}/${recipe}`;
  const [old, now] = [good, bad].map(
    (end) => `${name}${asBuild(end)}${task === undefined ? '' : `:${task}`}`,
  );
  return [
    `varve why ${old} ${now}   tells what differs of what they were made from`,
    `varve diff ${old} ${now}   what differs in them`,
  ];
}

function conclude(
  record: TheRecord,
  revision: Bisectable,
  { firstBad, lastGood, unjudged, predicateRuns }: FoundInRow<Candidate>,
): BisectedBuilds {
  return {
    over: 'builds',
    ...(record.imported !== undefined && { imported: record.imported }),
    firstBad: { build: firstBad.build.n },
    lastGood: { build: lastGood.last.n },
    unjudged: unjudged.map(({ build }) => build.n),
    absent: absentBetween(record, lastGood.last.n, firstBad.build.n),
    inputs: causesBetween(record, revision, { good: lastGood, bad: firstBad }),
    predicateRuns,
    tasksRun: 0,
  };
}

function absentBetween({ builds }: TheRecord, from: number, to: number): readonly number[] {
  const here = new Set(builds.map(({ n }) => n));
  const between = Array.from({ length: to - from - 1 }, (_, i) => from + 1 + i);
  return between.filter((n) => !here.has(n));
}

/** What was different between the last good and the first bad result, at its roots. */
function causesBetween(
  record: TheRecord,
  revision: Bisectable,
  { good, bad }: { readonly good: Candidate; readonly bad: Candidate },
): readonly ExplainedCause[] {
  const { changed } = changedInputs({
    from: { record, build: good.last },
    to: { record, build: bad.build },
  });
  const between = { from: { record, upTo: good.last.n }, to: { record, upTo: bad.build.n } };
  const task = revision.kind === 'task' ? revision.task : 'do_install';
  return explainTask(changed, taskId(revision.recipe, task)).causes.map((cause) => withStat(cause, between));
}
