/** A bisection told while it goes, and its end. */
import type {
  BisectEvent,
  Bisected,
  BisectedBuilds,
  BisectedTasks,
  TaskOfChain,
  Tried,
} from '../operations/bisect/bisected.ts';
import { formatBuilds, formatCount } from './format-quantity.ts';
import { formatCauses } from './format-explanation.ts';
import type { View } from './view.ts';

/** Tells of one step. */
export function narrateBisect(event: BisectEvent, { paint }: View): string {
  switch (event.kind) {
    case 'passed-over':
      return `passing over ${event.builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(event.builds)}: ${event.why}`;
    case 'tried':
      return `${event.name}: ${narrateTried(event.tried, paint)}`;
    default:
      return event satisfies never;
  }
}

function narrateTried(tried: Tried, paint: View['paint']): string {
  if (tried.kind === 'unmade') return `${paint.yellow('skipped')} (${tried.why})`;
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
    default:
      return result satisfies never;
  }
}

function formatOverTasks(result: BisectedTasks, { paint }: View): string {
  const { recipe, build, imported, firstBad, lastGood, unjudged } = result;
  const place = imported === undefined ? `@${build}` : `@${imported}@${build}`;
  const rev = `${recipe}${build === undefined ? '' : place}`;
  const name = ({ task, patch }: TaskOfChain): string =>
    patch === undefined ? task : `the patch ${patch} of ${task}`;
  const first =
    unjudged.length === 0
      ? `${name(firstBad)} is the first bad one`
      : `the first bad one is ${[...unjudged, firstBad].map(name).join(' or ')}: what comes before the last could not be judged`;
  // A patch has no REV of its own; show tells of all that the task applied.
  const next =
    firstBad.patch === undefined && lastGood.patch === undefined
      ? `varve diff ${rev}:${lastGood.task} ${rev}:${firstBad.task}`
      : `varve show ${rev}:${firstBad.task}`;
  return `${paint.bold(first)} (${foundHow(result)})\nnext: ${next}\n`;
}

function foundHow({ predicateRuns }: Bisected): string {
  const how =
    predicateRuns === 0
      ? 'remembered from before: the command did not run'
      : `found by running the command ${formatCount(predicateRuns, 'time')}`;
  return `${how}; no task ran`;
}

function formatOverBuilds(result: BisectedBuilds, view: View): string {
  const { firstBad, lastGood, unjudged, inputs, imported } = result;
  const rev = (build: number): string => (imported === undefined ? `@${build}` : `@${imported}@${build}`);
  const first =
    unjudged.length === 0
      ? `build ${firstBad.build} is the first bad one`
      : `the first bad build is ${formatBuilds([...unjudged, firstBad.build])}: those before build ${firstBad.build} could not be judged`;
  const causes = formatCauses(inputs, view).join('');
  return `${view.paint.bold(first)} (${foundHow(result)})\n${causes}next: varve diff ${rev(lastGood.build)} ${rev(firstBad.build)}\n`;
}
