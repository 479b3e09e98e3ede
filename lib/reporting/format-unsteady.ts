/** What is said of metadata that is not the same each time. */
import type { Unsteady } from '../terms/events.ts';
import { splitTaskId } from '../terms/ids.ts';
import { describeLines, describeValues } from './describe-difference.ts';
import { formatHints } from './format-hints.ts';
import type { Paint } from './paint.ts';

/** Writes which input it is, its two values, and what to do about it. */
export function formatUnsteady({ task, tasks, name, at, values, signed }: Unsteady, paint: Paint): string {
  const whose = `${task}${tasks > 1 ? ` and ${tasks - 1} more` : ''}`;
  const [before, after] = values;
  const change = before.includes('\n') ? describeLines(before, after) : describeValues(before, after);
  const place = at === undefined ? '' : ` (${at})`;
  const what = signed ? 'so it runs again and again' : 'which its signature does not show';
  const hints = [
    `make it of what does not change: SOURCE_DATE_EPOCH instead of the time, sorted() for what has no order`,
    `where it does not matter, in the recipe: ${splitTaskId(task).task}[vardepsexclude] += "${name}"`,
  ];
  return `${paint.yellow('warning:')} ${whose}: ${name} is not the same each time, ${what}: ${change}${place}\n${formatHints(hints, paint)}`;
}
