/** Why tasks ran, root cause first. */
import type { Explanation } from '../operations/explanation.ts';
import type { Cause } from '../signatures/explain-changes.ts';
import type { TaskId } from '../terms/ids.ts';
import { describeReason } from './describe-reason.ts';
import { formatCount } from './format-quantity.ts';
import type { Paint } from './paint.ts';
import type { View } from './view.ts';

/** Causes and tasks told at most, unless `-v` wants all. */
const TOLD = 5;

/** Writes an explanation: one line of what, then a line for each cause, then what followed. */
export function formatExplanation(explanation: Explanation, { paint, verbose }: View): string {
  const limit = verbose ? Infinity : TOLD;
  const causes = explanation.causes
    .slice(0, limit)
    .map((cause) => `  ${describeCause(cause, { paint, verbose })}\n`);
  const more = explanation.causes.length - causes.length;
  return [
    `${headline(explanation, paint)}\n`,
    ...causes,
    ...(more > 0 ? [`  and ${formatCount(more, 'further cause')} (-v tells all)\n`] : []),
    ...explanation.notes.map((note) => `  ${note}\n`),
    followed(explanation.cascade, limit),
  ].join('');
}

/** The explanation as `--json` tells it. */
export function explanationDocument(explanation: Explanation): object {
  const { task, verdict, reason, from, to, causes, cascade, notes } = explanation;
  return {
    schema: 1,
    task: task ?? causes[0]?.task ?? null,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    from: from ?? null,
    to: to ?? null,
    causes,
    cascade,
    notes,
  };
}

function headline(explanation: Explanation, paint: Paint): string {
  const { task, verdict, reason, from, to, now } = explanation;
  if (task === undefined) return headlineOfBuild(explanation, paint);
  const since =
    from === undefined
      ? ''
      : now === true
        ? `, compared with build ${from}`
        : `, between build ${from} and build ${to}`;
  const subject = paint.bold(task);
  if (verdict === 'current' || verdict === 'covered')
    return `${subject} is ${verdict}: nothing that it depends on changed${since}`;
  const does = { run: now === true ? 'would run' : 'ran', restore: 'would be restored', depends: 'may run' }[
    verdict
  ];
  const why = reason === undefined ? 'what it depends on changed' : describeReason(reason);
  return `${subject} ${does} because ${why}${reason === undefined || reason.kind === 'inputs-changed' ? since : ''}`;
}

function headlineOfBuild({ from, to, reason, causes, cascade }: Explanation, paint: Paint): string {
  if (from === undefined)
    return `${paint.bold(`build ${to}`)} is the first one here: everything was built for the first time`;
  const span = paint.bold(`from build ${from} to build ${to}`);
  return causes.length + cascade.length > 0 || reason !== undefined
    ? `${span} this changed by itself`
    : `${span} nothing changed`;
}

/** `variable CFLAGS: "-O2" -> "-O3" (conf/local.conf:3)`, and whose it is where that is not plain. */
function describeCause(cause: Cause, { paint, verbose }: Pick<View, 'paint' | 'verbose'>): string {
  const { kind, name, from, to, at, via } = cause;
  const place = at === undefined ? '' : ` (${at})`;
  const tasks = cause.tasks ?? [cause.task];
  const whose = ` in ${tasks.length > 3 ? `${tasks[0]} and ${tasks.length - 1} more` : tasks.join(', ')}`;
  const way = verbose && via.length > 0 ? `, reached by ${via.join(', ')}` : '';
  if (kind === 'edited') return `${paint.yellow('edits')} of a person in the WORKDIR, from ${name} on`;
  if (kind === 'task-added') return `${paint.yellow('new task')} ${cause.task}`;
  if (kind === 'task-removed') return `${paint.yellow('task gone')} ${cause.task}`;
  return `${paint.yellow(kind)} ${name}: ${describeChange(kind, from, to)}${place}${whose}${way}`;
}

function describeChange(kind: Cause['kind'], from: string | undefined, to: string | undefined): string {
  if (kind === 'function' && from !== undefined && to !== undefined) return 'its text changed';
  if (kind === 'file' && from !== undefined && to !== undefined) return 'its content changed';
  if (from === undefined) return `now ${shown(to)}`;
  if (to === undefined) return `no longer ${shown(from)}`;
  const [a, b] = difference(from, to);
  return `${shown(a)} → ${shown(b)}`;
}

/** Long values that differ in a few words: only the words that differ, so that the line can be read. */
function difference(from: string, to: string): readonly [string, string] {
  if (from.length + to.length < 120) return [from, to];
  const [old, now] = [from.trim().split(/\s+/), to.trim().split(/\s+/)];
  const [left, right] = [
    old.filter((word) => !now.includes(word)),
    now.filter((word) => !old.includes(word)),
  ];
  return left.length + right.length === 0 ? [from, to] : [left.join(' '), right.join(' ')];
}

/** On one line, of a length that can be read; ids by their first digits. */
function shown(value: string | undefined): string {
  const text = (value ?? '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');
  return `"${text.length > 70 ? `${text.slice(0, 69)}…` : text}"`;
}

function followed(cascade: readonly TaskId[], limit: number): string {
  if (cascade.length === 0) return '';
  const told = cascade.slice(0, limit).join(', ');
  const more = cascade.length > limit ? ` and ${cascade.length - limit} more` : '';
  return `  what followed: ${told}${more}\n`;
}
