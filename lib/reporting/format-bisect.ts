/** A bisection told while it goes, and its end. */
import type { BisectEvent, Bisected } from '../operations/bisected.ts';
import { formatBuilds, formatCount } from './format-quantity.ts';
import { formatCauses } from './format-explanation.ts';
import type { View } from './view.ts';

/** Tells of one step; undefined where it is not worth a line. */
export function narrateBisect(event: BisectEvent, { paint }: View): string | undefined {
  switch (event.kind) {
    case 'passed-over':
      return `passing over ${event.builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(event.builds)}: ${event.why}`;
    case 'trying':
      return undefined;
    case 'tried': {
      const { good, bad, skip } = {
        good: paint.green('good'),
        bad: paint.red('bad'),
        skip: paint.yellow('skipped'),
      };
      const same = event.remembered ? ', the same tree as one tried before' : '';
      return `build ${event.build}: ${{ good, bad, skip }[event.answer]} (exit status ${event.status}${same})`;
    }
    default:
      return event satisfies never;
  }
}

/** Tells the first bad build and what was different about it. */
export function formatBisected(result: Bisected, view: View): string {
  const { firstBad, lastGood, unjudged, predicateRuns, inputs, imported } = result;
  const rev = (build: number): string => (imported === undefined ? `@${build}` : `@${imported}@${build}`);
  const first =
    unjudged.length === 0
      ? `build ${firstBad.build} is the first bad one`
      : `the first bad build is ${formatBuilds([...unjudged, firstBad.build])}: those before build ${firstBad.build} could not be judged`;
  const how = `found by running the command ${formatCount(predicateRuns, 'time')}; no task ran`;
  const causes = formatCauses(inputs, view).join('');
  return `${view.paint.bold(first)} (${how})\n${causes}next: varve diff ${rev(lastGood.build)} ${rev(firstBad.build)}\n`;
}
