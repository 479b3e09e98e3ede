/** Build events as lines: what a pipe gets, and what scrolls by above the live view. */
import type { BuildEvent, Counts, TaskFinished } from '../terms/events.ts';
import { splitTaskId } from '../terms/ids.ts';
import { describeReason } from './describe-reason.ts';
import { formatDiskFull, formatDiskLow } from './format-disk-low.ts';
import { endOfBuild, paintEnd } from './end-of-build.ts';
import { formatAwaited } from './format-awaited.ts';
import { formatCount, formatDuration } from './format-quantity.ts';
import { formatHints } from './format-hints.ts';
import type { Paint } from './paint.ts';
import { formatUnsteady } from './format-unsteady.ts';
import { printable } from './printable.ts';

export interface LineOptions {
  readonly paint: Paint;
  /** `-v`: tells of tasks too that had nothing to do. */
  readonly verbose: boolean;
  /** `-q`: failures, warnings and the summary only. */
  readonly quiet: boolean;
}

/** Writes an event as lines, or as nothing where it is not worth one. */
export function formatBuildEvent(event: BuildEvent, options: LineOptions): string {
  const { paint, quiet } = options;
  switch (event.event) {
    case 'build-started':
      return quiet ? '' : `${paint.bold(titleOf(event))}: ${event.targets.join(' ')}\n`;
    case 'task-finished':
      return formatFinished(event, options);
    case 'verdict':
      return formatVerdict(event, options);
    case 'message':
      return formatMessage(event, options);
    case 'unsteady':
      return formatUnsteady(event, paint);
    case 'disk-low':
      return formatDiskLow(event, paint);
    case 'disk-full':
      return formatDiskFull(event, paint);
    case 'build-finished':
      return formatSummary(event, paint);
    case 'progress':
    case 'task-started':
      return '';
    default:
      return event satisfies never;
  }
}

function titleOf(event: BuildEvent & { event: 'build-started' }): string {
  return event.dryRun === true ? 'to build' : `build ${event.build}`;
}

function formatFinished(event: TaskFinished, { paint, verbose, quiet }: LineOptions): string {
  if (!event.ok) return formatFailure(event, paint);
  if (quiet) return '';
  const done = {
    run: 'ran',
    restore: 'restored',
    current: 'current',
    covered: 'covered',
    depends: 'depends',
  }[event.verdict];
  if (event.verdict === 'current' || event.verdict === 'covered') {
    return verbose ? paint.dim(`${event.task}  ${done}\n`) : '';
  }
  const from = event.from === undefined ? '' : ` from ${event.from}`;
  return `${event.task}  ${paint.green(done)}${from} ${formatDuration(event.durationMs)}\n`;
}

/** The failure as a person needs it: why, the last lines of the log, where to look and what to type. */
function formatFailure(event: TaskFinished, paint: Paint): string {
  const { failure } = event;
  if (event.interrupted === true) return formatCutOff(event, paint);
  const status = event.exitCode === undefined ? '' : ` with exit status ${event.exitCode}`;
  const why = failure === undefined ? '' : `: ${failure.message}`;
  const lines = [
    `${event.task}  ${paint.red('failed')}${failure === undefined ? status : ''} after ${formatDuration(event.durationMs)}${why}`,
  ];
  lines.push(...(failure?.tail ?? []).map((line) => `${paint.dim('  |')} ${printable(line)}`));
  if (event.log !== undefined) lines.push(`  log     ${event.log}`);
  if (failure?.script !== undefined) lines.push(`  script  ${failure.script}`);
  lines.push(...(failure?.writtenAt ?? []).map((place) => `  from    ${place}`));
  const hints = failure === undefined || failure.hints.length === 0 ? nextCommands(event) : failure.hints;
  return `${lines.join('\n')}\n${formatHints(hints, paint)}`;
}

/** Nothing is wrong with it; but hours of make may be in it, which the same command makes again. */
function formatCutOff({ task, durationMs, log }: TaskFinished, paint: Paint): string {
  const shell = formatHints([`varve shell ${task}@failed   goes on by hand where it stopped`], paint);
  const where = log === undefined ? '' : `  log     ${log}\n${shell}`;
  return `${task}  ${paint.yellow('interrupted')} after ${formatDuration(durationMs)}\n${where}`;
}

function nextCommands(event: TaskFinished): readonly string[] {
  const { recipe, task } = splitTaskId(event.task);
  return [
    `varve shell ${recipe}:${task}@failed   a shell where it stopped`,
    `varve show ${recipe}:${task}@failed    its inputs and its whole log`,
    `varve why ${recipe}:${task}            why it ran`,
  ];
}

function formatVerdict(
  event: BuildEvent & { event: 'verdict' },
  { paint, verbose, quiet }: LineOptions,
): string {
  const standing = event.verdict === 'current' || event.verdict === 'covered';
  if (quiet || (standing && !verbose)) return '';
  const why = event.reason === undefined ? '' : `  ${describeReason(event.reason)}`;
  const on = event.on === undefined ? '' : `  on ${formatAwaited(event.task, event.on)}`;
  const verdict = standing ? paint.dim(event.verdict) : paint.bold(event.verdict);
  return `${event.task}  ${verdict}${why}${on}\n`;
}

function formatMessage(event: BuildEvent & { event: 'message' }, { paint, quiet }: LineOptions): string {
  if (quiet && event.level === 'note') return '';
  const level = {
    note: paint.dim('note:'),
    warning: paint.yellow('warning:'),
    error: paint.red('error:'),
  }[event.level];
  return `${level} ${event.text}\n${formatHints(event.hints ?? [], paint)}`;
}

function formatSummary(event: BuildEvent & { event: 'build-finished' }, paint: Paint): string {
  const interrupted = event.interrupted === true;
  const end = paintEnd(endOfBuild(event), paint);
  const next = interrupted
    ? formatHints(['the same command goes on; what was interrupted runs from its beginning'], paint)
    : '';
  const title = paint.bold(`build ${event.build}`);
  const counts = `${formatCounts(event.counts)} in ${formatDuration(event.durationMs)}`;
  const said = [
    ...saidIf(event.errors, 'error', paint.red),
    ...saidIf(event.warnings, 'warning', paint.yellow),
  ];
  return `${title} ${end}: ${[counts, ...said].join(', ')}\n${next}`;
}

function saidIf(count: number, what: string, paint: (text: string) => string): readonly string[] {
  return count === 0 ? [] : [paint(formatCount(count, what))];
}

/** Writes `1 failed, 3 not tried, 12 ran, 80 current`; what did not occur is left out. */
export function formatCounts(counts: Counts): string {
  const { interrupted = 0 } = counts;
  const parts: [number, string][] = [
    [counts.failed - interrupted, 'failed'],
    [interrupted, 'interrupted'],
    [counts.skipped, 'not tried'],
    [counts.run, 'ran'],
    [counts.restore, 'restored'],
    [counts.current, 'current'],
    [counts.covered, 'covered'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length > 0 ? said.join(', ') : 'nothing to do';
}
