/** Finds the smallest set of changed inputs that makes the result of one build fail a command that another passes. */
import { installTask } from '../../graph/arrange-tasks.ts';
import { loadMetadata } from '../../layers/load-metadata.ts';
import { minimiseMixture, type Minimised, type MixtureSearch } from '../../planning/minimise-mixture.ts';
import type { Answer } from '../../planning/bisect-stepper.ts';
import type { World } from '../../ports/world.ts';
import type { Input } from '../../terms/inputs.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { withStat } from '../explaining/file-stat.ts';
import { findRecorded, type Standing } from '../record/find-recorded.ts';
import { openEach, type NamedIn } from '../record/open-named.ts';
import type { TheRecord } from '../record/open-record.ts';
import { resolveArtifact, resolveTask } from '../record/resolve-revision.ts';
import { asBuild, compareEnds, type BisectRequest } from './bisect-builds.ts';
import { bisectable, type Bisectable } from './bisectable.ts';
import type { BisectEvent, BisectedInputs, Tried } from './bisected.ts';
import { changedRow, type Inputs } from './changed-row.ts';
import { asTried, createJudge, type Judge } from './create-judge.ts';
import { mixedInVain } from './mixed-in-vain.ts';
import { buildMixture, type Mixing } from './mixing.ts';
import { toldWhere } from './named-tree.ts';
import type { Failures } from './failures.ts';
import { searchInScratch } from './search-in-scratch.ts';
import { wrongEnd } from './search-row.ts';
import { type Sorted, sortInputs } from './sort-inputs.ts';
import { writeScratchConf } from './scratch-build-dir.ts';

type Tell = (event: BisectEvent) => void;

/** Bisects; undefined where a person interrupted it. */
export async function bisectInputs(
  world: World,
  request: BisectRequest,
  tell: Tell,
): Promise<BisectedInputs | undefined> {
  const revision = bisectable(request.rev);
  const ends = openEach(world, request.buildDir, [request.good, request.bad].map(asBuild));
  if (ends.some(({ record }) => record.imported !== undefined)) throw notOfImports(request, revision, ends);
  const [good, bad] = ends.map(({ record, rev }) => findRecorded(record, revision, rev));
  const record = ends[0]?.record;
  if (record === undefined || good === undefined || bad === undefined)
    throw new Error('a search has two ends');
  const { places } = record;
  return searchInScratch(world, { ...request, places, tell }, async ({ buildDir, failures, signal }) => {
    const judge = createJudge(world, places, { ...request, signal });
    const searched = { record, revision, good, bad, judge, tell };
    const predicateRuns = await tryEnds(searched);
    if (predicateRuns === undefined) return undefined;
    writeConf(world, request.buildDir, { record, buildDir });
    return search(world, { ...searched, buildDir, failures, signal, predicateRuns });
  });
}

interface Ends {
  readonly record: TheRecord;
  readonly revision: Bisectable;
  readonly good: Standing;
  readonly bad: Standing;
  readonly judge: Judge;
  readonly tell: Tell;
}

/** Both ends, from the record; answers how often the command ran, undefined where a person interrupted it. */
async function tryEnds({ record, revision, good, bad, judge, tell }: Ends): Promise<number | undefined> {
  let runs = 0;
  for (const [standing, expected] of [
    [good, 'good'],
    [bad, 'bad'],
  ] as const) {
    const resolved =
      revision.kind === 'task'
        ? resolveTask(record, standing, revision.task)
        : resolveArtifact(record, standing);
    const name = `build ${standing.build.n}`;
    const judged = await judge(record, toldWhere({ name, resolved }));
    if (judged === undefined) return undefined;
    if (!judged.remembered) runs += 1;
    tell({ kind: 'tried', name, tried: { kind: 'judged', ...judged } });
    if (judged.answer !== expected)
      throw wrongEnd({ name }, { expected, answer: judged.answer }, 'varve builds   lists the builds');
  }
  return runs;
}

interface Searching extends Ends {
  readonly buildDir: string;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  readonly predicateRuns: number;
}

async function search(world: World, searching: Searching): Promise<BisectedInputs | undefined> {
  const { record, revision, good, bad, tell, buildDir, failures } = searching;
  const { recipe, task = installTask } = revision;
  const sides = { good: inputsUpTo(good, task), bad: inputsUpTo(bad, task) };
  const changed = changedRow(recipe, task, sides);
  if (changed.length === 0) throw nothingChanged(searching);
  const wanted = { recipe, ...(revision.kind === 'task' && { task }) };
  const whole: Mixing = { record, wanted, sides, buildDir, failures };
  const { row, unmixed, known, mixing } = await sortInputs(world, whole, changed);
  tell({ kind: 'inputs', changed: changed.length, what: recipe, unmixed });
  const numbers = { good: good.build.n, bad: bad.build.n };
  if (row.length === 0) throw mixedInVain(numbers, { unmixed });
  const trials = createTrials(world, searching, { mixing, row, known });
  const end = await play(minimiseMixture(row.length), trials.ask);
  if (end === undefined) return undefined;
  if (end.kind === 'elsewhere') throw mixedInVain(numbers, { unmixed, end, ...trials.unmade() });
  const between = { from: { record, upTo: good.build.n }, to: { record, upTo: bad.build.n } };
  const causes = end.causes.map((index) => ({
    isProven: !end.unproven.includes(index),
    told: (row[index]?.causes ?? []).map((cause) => withStat(cause, between)),
  }));
  return {
    over: 'inputs',
    recipe,
    firstBad: { build: bad.build.n },
    lastGood: { build: good.build.n },
    changed: changed.length,
    inputs: causes.flatMap(({ told }) => told),
    unproven: causes.flatMap(({ told, isProven }) => (isProven ? [] : told)),
    unmixed,
    scratch: buildDir,
    ...trials.cost(),
  };
}

/** Plays a search to its end; undefined where a person interrupted it. */
async function play(
  steps: MixtureSearch,
  ask: (mixed: readonly number[]) => Promise<Answer | undefined>,
): Promise<Minimised | undefined> {
  let step = steps.next();
  while (step.done !== true) {
    const answer = await ask(step.value);
    if (answer === undefined) return undefined;
    step = steps.next(answer);
  }
  return step.value;
}

type Trying = Pick<Sorted, 'row' | 'known' | 'mixing'>;

function createTrials(
  world: World,
  { judge, tell, signal, bad, predicateRuns }: Searching,
  { mixing, row, known }: Trying,
) {
  const cost = { mixtures: 0, builds: 0, tasksRun: 0, predicateRuns };
  let last: Tried | undefined;
  async function tryMixture(mixed: readonly number[], name: string): Promise<Tried | undefined> {
    const built = await buildMixture(world, mixing, { row, mixed });
    if (built === undefined || signal.aborted) return undefined;
    cost.tasksRun += built.tasksRun;
    if (built.tasksRun > 0) cost.builds += 1;
    if (built.kind === 'unmade') return built;
    return asTried(await judge(built.record, { name, resolved: built.resolved, told: {} }));
  }
  return {
    cost: () => cost,
    /** Why there was nothing to judge the last time. */
    unmade: () => (last?.kind === 'unmade' ? { unmade: last.why } : {}),
    async ask(mixed: readonly number[]): Promise<Answer | undefined> {
      if (mixed.length === 0 && known.good) return 'good';
      if (mixed.length === row.length && known.bad) return 'bad';
      cost.mixtures += 1;
      const name = `mixture ${cost.mixtures}: ${mixed.length} of ${row.length} inputs from @${bad.build.n}`;
      const tried = await tryMixture(mixed, name);
      if (tried === undefined) return undefined;
      if (tried.kind === 'judged' && !tried.remembered) cost.predicateRuns += 1;
      tell({ kind: 'tried', name, tried });
      last = tried;
      return tried.kind === 'judged' ? tried.answer : 'skip';
    },
  };
}

/** The inputs of a task and of those of its recipe that it stands after. */
function inputsUpTo({ recipe, build }: Standing, task: string): Inputs {
  const found = new Map<string, readonly Input[]>();
  const queue = new Set([task]);
  // A set goes on over what is added while it is gone through.
  for (const name of queue) {
    const inputs = recipe.inputs(name);
    if (inputs === undefined) continue;
    found.set(name, inputs);
    for (const input of inputs) if (input.kind === 'after') queue.add(input.name);
  }
  if (found.has(task)) return found;
  throw new VarveError('usage', `build ${build.n} has no inputs of ${recipe.recipe}:${task}`);
}

/** Brings the scratch build directory to the configuration as it is now. */
function writeConf(
  world: World,
  from: string,
  { record, buildDir }: { readonly record: TheRecord; readonly buildDir: string },
): void {
  const metadata = loadMetadata(world, { buildDir: from, python: world.python, warn: () => {} });
  const layers = metadata.layers.map(({ path }) => path);
  writeScratchConf(world, { from: record.places, to: buildDir }, { layers, lines: [] });
}

/** The text of a task that came in a file from elsewhere is looked at, and never run. */
function notOfImports(
  request: BisectRequest,
  revision: Bisectable,
  [good, bad]: readonly NamedIn[],
): VarveError {
  const isOne = good?.record === bad?.record;
  return new VarveError(
    'usage',
    'bisect --over inputs builds mixtures of what both were made from, and nothing of an import is ever run',
    {
      hints: [
        ...(isOne
          ? [
              `varve bisect ${request.rev} --good … --bad … -- COMMAND…   searches the imported builds themselves`,
            ]
          : []),
        ...compareEnds(revision, request),
      ],
    },
  );
}

function nothingChanged({ revision: { recipe }, good, bad }: Ends): VarveError {
  const [a, b] = [good.build.n, bad.build.n];
  return new VarveError(
    'usage',
    `nothing that ${recipe} is made from differs between build ${a} and build ${b}`,
    {
      hints: [`varve verify ${recipe}   tells whether it comes out the same each time`],
    },
  );
}
