/** Finds the first commit, of a layer or of a recipe's source, whose result makes a command fail. */
import { installTask } from '../../graph/arrange-tasks.ts';
import { loadMetadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { explainTask, type Cause } from '../../signatures/explain-changes.ts';
import { taskId } from '../../terms/ids.ts';
import type { Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { changedInputs } from '../explaining/changed-inputs.ts';
import { compareResolved } from '../comparing/compare-resolved.ts';
import { openEach, type NamedIn } from '../record/open-named.ts';
import { openRecord, recordAt } from '../record/open-record.ts';
import { bisectable } from './bisectable.ts';
import type { BisectRequest } from './bisect-builds.ts';
import type { BisectEvent, BisectedCommits, Tried } from './bisected.ts';
import { buildInScratch, type Made, type Wanted } from './build-in-scratch.ts';
import { changedByMerge } from './changed-by-merge.ts';
import { commitRow, type CommitCandidate, type CommitRow } from './commit-row.ts';
import { createCommitScratch, type CommitScratch } from './commit-scratch.ts';
import { isBuild, type CommitWalk, type Ends } from './commit-walk.ts';
import { asTried, createJudge } from './create-judge.ts';
import type { Failures } from './failures.ts';
import { gitSays } from './commit-history.ts';
import { searchInScratch } from './search-in-scratch.ts';
import { searchMerged, type FoundInLine } from './search-merged.ts';
import { searchRow } from './search-row.ts';
import { walkLayers, type WalkRequest } from './walk-layers.ts';
import { walkSources } from './walk-sources.ts';

export interface BisectCommitsRequest extends BisectRequest {
  /** A layer, or a word of an entry of SRC_URI; undefined: what has both ends. */
  readonly repo: string | undefined;
}

/** Bisects; undefined where a person interrupted it. */
export async function bisectCommits(
  world: World,
  request: BisectCommitsRequest,
  tell: (event: BisectEvent) => void,
): Promise<BisectedCommits | undefined> {
  const { recipe, task } = bisectable(request.rev);
  const { places } = openRecord(world, request.buildDir);
  return searchInScratch(world, { ...request, places, tell }, async ({ dir, buildDir, failures, signal }) => {
    const metadata = loadMetadata(world, {
      buildDir: request.buildDir,
      python: world.python,
      warn: () => {},
    });
    const typed = [request.good, request.bad].filter(isBuild);
    const builds = openEach(world, request.buildDir, typed);
    const buildOf = (end: string): NamedIn | undefined => builds[typed.indexOf(end)];
    const walk = await chooseWalk(world, { ...request, buildOf, metadata, scratch: dir }, recipe);
    const scratch = createCommitScratch(world, { from: places, buildDir }, walk);
    const wanted = { recipe, ...(task !== undefined && { task }) };
    return await search(world, { scratch, wanted, failures, signal, tell }, { ...request, places });
  });
}

async function chooseWalk(world: World, request: WalkRequest, recipe: string): Promise<CommitWalk> {
  const walk =
    walkLayers(world, request) ?? (await walkSources(world, request, request.metadata.recipe(recipe)));
  if (walk !== undefined) return walk;
  if (gitSays(world, ['--version']) === undefined) throw noGit();
  const { good, bad, repo, metadata } = request;
  const where =
    repo === undefined ? 'no layer in git, and no git source of the recipe,' : `no repository "${repo}"`;
  throw new VarveError('usage', `${where} has both ${good} and ${bad}`, {
    hints: [
      '--good and --bad name commits, tags or branches of one repository, or builds: @3',
      `--repo LAYER   takes one of ${metadata.layers.map(({ name }) => name).join(', ')}`,
      `varve build -c fetch ${recipe}   brings the commits of its sources`,
      ...(repo === undefined
        ? []
        : ['The commits of a git source are those of the recipe whose SRC_URI names it: bisect that one.']),
    ],
  });
}

function noGit(): VarveError {
  return new VarveError(
    'usage',
    'bisect --over commits asks the program git for commits, and there is none in PATH',
    {
      hints: ['bisect over builds, tasks or inputs   needs no git'],
    },
  );
}

interface Search {
  readonly scratch: CommitScratch;
  readonly wanted: Wanted;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  readonly tell: (event: BisectEvent) => void;
}

async function search(
  world: World,
  { scratch, wanted, failures, signal, tell }: Search,
  request: BisectRequest & { readonly places: Places },
): Promise<BisectedCommits | undefined> {
  const { walk } = scratch;
  const rowOf = async (ends: Ends): Promise<CommitRow | undefined> => {
    const row = await commitRow(world, scratch, { wanted, signal, ends });
    if (row === undefined) return undefined;
    tell({ kind: 'commits', commits: row.commits.length, kinds: row.candidates.length, what: request.rev });
    for (const [why, commits] of row.passedOver) tell({ kind: 'commits-passed-over', commits, why });
    return row;
  };
  const row = await rowOf(walk);
  if (row === undefined) return undefined;
  const judge = createJudge(world, request.places, { ...request, signal });
  const made = new Map<CommitCandidate, Made>();
  const cost = { builds: 0, tasksRun: 0 };
  const tryCommit = async (candidate: CommitCandidate, left: number): Promise<Tried | undefined> => {
    const { name, first } = candidate;
    const { commit } = first;
    scratch.stand(commit);
    const built = await buildInScratch(world, scratch.buildDir, {
      ...wanted,
      failures,
      onRun: () => tell({ kind: 'building', name, left }),
    });
    if (built === undefined || signal.aborted) return undefined;
    cost.tasksRun += built.tasksRun;
    if (built.tasksRun > 0) cost.builds += 1;
    if (built.kind === 'unmade') return built;
    made.set(candidate, built);
    return asTried(
      await judge(built.record, { name, resolved: built.resolved, told: { VARVE_COMMIT: commit } }),
    );
  };
  const trying = { judge: tryCommit, tell };
  const found = await searchRow(row.candidates, { ...trying, hint: hintOf(walk) });
  const line =
    found &&
    (await searchMerged(
      { row, found, mergedBy: [] },
      {
        ...trying,
        history: walk.history,
        ownFiles: ({ commit }) => changedByMerge(world, walk.copy, commit),
        rowOf,
      },
    ));
  return line && { ...conclude({ world, scratch, wanted }, { ...line, made }), ...cost };
}

const hintOf = ({ history: { dir } }: CommitWalk): string => `git -C ${dir} log --first-parent --oneline`;

interface Concluding extends FoundInLine {
  readonly made: ReadonlyMap<CommitCandidate, Made>;
}

function conclude(
  { world, scratch, wanted }: Pick<Search, 'scratch' | 'wanted'> & { readonly world: World },
  { row, found, mergedBy, made }: Concluding,
): Omit<BisectedCommits, 'builds' | 'tasksRun'> {
  const { firstBad, lastGood, predicateRuns } = found;
  const [from, to] = [made.get(lastGood), made.get(firstBad)];
  if (from === undefined || to === undefined) throw new Error('a commit was judged that was not built');
  const { commits } = row;
  const ownFiles = changedByMerge(world, scratch.walk.copy, firstBad.first.commit);
  const record = recordAt(world, to.record.places);
  const { changed } = changedInputs({
    from: { record, build: from.build },
    to: { record, build: to.build },
  });
  const task = taskId(to.resolved.recipe, wanted.task ?? installTask);
  return {
    over: 'commits',
    repository: scratch.walk.history.dir,
    firstBad: firstBad.first,
    lastGood: lastGood.last,
    mergedBy,
    ...(ownFiles && { changedByMerge: ownFiles }),
    unjudged: commits.slice(commits.indexOf(lastGood.last) + 1, commits.indexOf(firstBad.first)),
    inputs: explainTask(changed, task).causes.map((cause) => atOwnPlace(cause, scratch.walk)),
    difference: compareResolved({ from: from.resolved, to: to.resolved }, []),
    scratch: scratch.buildDir,
    predicateRuns,
  };
}

function atOwnPlace(cause: Cause, { ownPath }: CommitWalk): Cause {
  const { at, was } = cause;
  return {
    ...cause,
    ...(at !== undefined && { at: ownPath(at) }),
    ...(was !== undefined && { was: ownPath(was) }),
  };
}
