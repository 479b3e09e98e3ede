/** A bisection told while it goes, and its end. */
import { buildNamed } from '../terms/revision.ts';
import type {
  BisectEvent,
  Bisected,
  BisectedBuilds,
  BisectedCommits,
  BisectedInputs,
  BisectedTasks,
  TaskOfChain,
  Tried,
} from '../operations/bisect/bisected.ts';
import type { Cause } from '../signatures/explain-changes.ts';
import { formatBuilds, formatCount } from './format-quantity.ts';
import { shortId } from '../operations/bisect/commit-history.ts';
import { formatCauses } from './format-explanation.ts';
import { diffDocument, formatDiff } from './format-diff.ts';
import { nearPath } from './near-path.ts';
import { printable } from './printable.ts';
import type { View } from './view.ts';
import { firstOf } from '../terms/first-of.ts';

/** Commits named at most of those that are passed over for one reason. */
const IDS = 5;

/** Files named at most of those that a merge changed. */
const FILES = 5;

/** Tells of one step. */
export function narrateBisect(event: BisectEvent, view: View): string {
  switch (event.kind) {
    case 'passed-over':
      return `passing over ${event.builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(event.builds)}: ${event.why}`;
    case 'said':
      return event.text;
    case 'commits':
      return `${formatCount(event.commits, 'commit')}; ${event.what} is made in ${formatCount(event.kinds, 'way')}`;
    case 'merge':
      return `commit ${shortId(event.merge.commit)} (${event.merge.subject}) is a merge: searching the ${formatCount(event.commits, 'commit')} that it brought in, and the one before`;
    case 'commits-passed-over': {
      const ids = event.commits.map(({ commit }) => shortId(commit));
      return `passing over ${firstOf(ids, IDS)}: ${event.why}`;
    }
    case 'inputs':
      return [
        `${formatCount(event.changed, 'input')} of ${event.what} ${event.changed === 1 ? 'differs' : 'differ'}`,
        ...event.unmixed.map(({ kind, name }) => `in every mixture as it is now: ${kind} ${name}`),
      ].join('\n');
    case 'building':
      return `building ${event.name}; ${formatCount(event.left, 'candidate')} left`;
    case 'tried':
      return `${event.name}: ${narrateTried(event.tried, view)}`;
    default:
      return event satisfies never;
  }
}

function narrateTried(tried: Tried, { paint, world }: View): string {
  if (tried.kind === 'unmade') {
    const log = tried.log === undefined ? '' : `: ${nearPath(tried.log, world.cwd)}`;
    return `${paint.yellow('skipped')} (${tried.why}${log})`;
  }
  const words = { good: paint.green('good'), bad: paint.red('bad'), skip: paint.yellow('skipped') };
  const { answer, status, remembered } = tried;
  return `${words[answer]} (exit status ${status}${remembered ? ', remembered' : ''})`;
}

/** Tells what was found, and what was different about it. */
export function formatBisected(result: Bisected, view: View): string {
  switch (result.over) {
    case 'builds':
      return formatOverBuilds(result, view);
    case 'tasks':
      return formatOverTasks(result, view);
    case 'commits':
      return formatOverCommits(result, view);
    case 'inputs':
      return formatOverInputs(result, view);
    default:
      return result satisfies never;
  }
}

function formatOverTasks(result: BisectedTasks, { paint }: View): string {
  const { recipe, build, imported, firstBad, lastGood, unjudged } = result;
  const place = imported === undefined ? `@${build}` : `@${imported}@${build}`;
  const rev = `${recipe}${build === undefined ? '' : place}`;
  const name = ({ task, patch, edits, edited }: TaskOfChain): string => {
    if (edits !== undefined) return `what was typed (edited@${edits})`;
    return `${patch === undefined ? task : `the patch ${patch} of ${task}`}${edited === true ? ' with edits' : ''}`;
  };
  const first =
    unjudged.length === 0
      ? `${name(firstBad)} is the first bad one`
      : `the first bad one is ${[...unjudged, firstBad].map(name).join(' or ')}: what comes before the last could not be judged`;
  const two = [lastGood, firstBad].flatMap(({ rev: each }) => each ?? []);
  // Of edits diff shows what was typed; a patch has no REV of its own, and show tells of all that the task applied.
  const next =
    firstBad.edits !== undefined && firstBad.rev !== undefined
      ? `varve diff ${firstBad.rev}`
      : two.length === 2
        ? `varve diff ${two.join(' ')}`
        : `varve show ${firstBad.rev ?? `${rev}:${firstBad.task}`}`;
  return `${paint.bold(first)} (${foundHow(result)})\nnext: ${next}\n`;
}

function formatOverCommits(result: BisectedCommits, view: View): string {
  const {
    firstBad,
    mergedBy,
    changedByMerge = [],
    unjudged,
    inputs,
    difference,
    repository,
    scratch,
  } = result;
  const id = shortId(firstBad.commit);
  const first =
    unjudged.length === 0
      ? `commit ${id} is the first bad one`
      : `the first bad one is ${[...unjudged, firstBad].map(({ commit }) => shortId(commit)).join(' or ')}: what comes before the last could not be judged`;
  const { author, date, subject } = firstBad;
  return [
    `${view.paint.bold(first)} (${foundHow(result)})\n`,
    `${id} ${subject} (${author}, ${date.slice(0, 10)})\n`,
    ...mergedBy.map((merge) => `brought in by ${shortId(merge.commit)} ${merge.subject}\n`),
    ...(changedByMerge.length === 0
      ? []
      : [
          `the merge itself changed ${firstOf(changedByMerge.map(printable), FILES)}: neither side has that, nor a plain merge\n`,
        ]),
    ...formatCauses(inputs, view),
    formatDiff(difference, { form: 'stat', paint: view.paint }),
    `next: git -C ${nearPath(repository, view.world.cwd)} show ${id}\n`,
    `next: varve -B ${nearPath(scratch, view.world.cwd)} diff ${difference.from.rev} ${difference.to.rev}\n`,
  ].join('');
}

function formatOverInputs(result: BisectedInputs, view: View): string {
  const { inputs, unproven, changed, recipe, firstBad, lastGood, scratch, mixtures } = result;
  const makes = inputs.length === 1 ? 'makes' : 'together make';
  const isProven = (cause: Cause): boolean => !unproven.includes(cause);
  const told = formatCauses(inputs.filter(isProven), { ...view, verbose: true });
  const others = formatCauses(unproven, { ...view, verbose: true });
  const needed = `${unproven.length === 1 ? 'this is' : 'these are'} needed with ${told.length === 1 ? 'it' : 'them'}, or only to build it: without, nothing could be judged\n`;
  return [
    `${view.paint.bold(`${inputs.length} of ${formatCount(changed, 'changed input')} ${makes} ${recipe} bad`)} (${foundHow(result)})\n`,
    ...told,
    ...(others.length > 0 ? [needed, ...others] : []),
    ...inputs
      .filter(({ kind, from, to }) => kind === 'dependency' && from !== undefined && to !== undefined)
      .map(({ name }) => `next: varve why ${revIn(name, lastGood.build)} ${revIn(name, firstBad.build)}\n`),
    mixtures > 0
      ? `next: varve -B ${nearPath(scratch, view.world.cwd)} builds\n`
      : `next: varve diff ${recipe}@${lastGood.build} ${recipe}@${firstBad.build}\n`,
  ].join('');
}

/** A recipe, or one of its tasks, in a build. */
function revIn(name: string, build: number): string {
  const [recipe = '', task] = name.split(':');
  return task === undefined ? `${recipe}@${build}` : `${recipe}@${build}:${task}`;
}

/** A bisection as `--json` tells it. */
export function bisectedDocument(result: Bisected): object {
  if (result.over !== 'commits') return { schema: 1, ...result };
  const { difference, ...rest } = result;
  return { schema: 1, ...rest, diff: diffDocument(difference) };
}

function foundHow(result: Bisected): string {
  const { predicateRuns, tasksRun } = result;
  const how =
    predicateRuns === 0
      ? 'remembered from before: the command did not run'
      : `found by running the command ${formatCount(predicateRuns, 'time')}`;
  if (result.over === 'builds' || result.over === 'tasks' || tasksRun === 0) return `${how}; no task ran`;
  return `${how}; ${formatCount(tasksRun, 'task')} ran in ${formatCount(result.builds, 'build')}`;
}

function formatOverBuilds(result: BisectedBuilds, view: View): string {
  const { firstBad, lastGood, unjudged, absent, inputs, imported } = result;
  const rev = (build: number): string => (imported === undefined ? `@${build}` : `@${imported}@${build}`);
  const first =
    unjudged.length === 0
      ? `${buildNamed(firstBad.build, imported)} is the first bad one`
      : `the first bad build is ${formatBuilds([...unjudged, firstBad.build])}: those before ${buildNamed(firstBad.build, imported)} could not be judged`;
  const gone =
    absent.length === 0
      ? ''
      : `of those that are here: ${formatBuilds(absent)} between ${absent.length === 1 ? 'is' : 'are'} not\n`;
  const causes = formatCauses(inputs, view).join('');
  return `${view.paint.bold(first)} (${foundHow(result)})\n${gone}${causes}next: varve diff ${rev(lastGood.build)} ${rev(firstBad.build)}\n`;
}
