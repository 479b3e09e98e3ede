/** One cause on one line: what it is, from what to what, where that was set, and whose it is. */
import { relative } from 'node:path';
import type { ExplainedCause } from '../operations/explaining/explanation.ts';
import type { FileStat } from '../operations/explaining/file-stat.ts';
import { rawPath } from '../trees/raw-text.ts';
import { describeLines, describeValues, shown } from './describe-difference.ts';
import { formatSize } from './format-quantity.ts';
import { showPath } from './shown-path.ts';
import type { View } from './view.ts';

/** Writes `variable CFLAGS: "-O2" → "-O3" (conf/local.conf:3) in zlib:do_compile`. */
export function describeCause(cause: ExplainedCause, { world, paint, verbose }: View): string {
  const { kind, name, via } = cause;
  const tasks = cause.tasks ?? [cause.task];
  const whose = ` in ${tasks.length > 2 ? `${tasks[0]} and ${tasks.length - 1} more` : tasks.join(', ')}`;
  const way = verbose && via.length > 0 ? `, reached by ${via.join(', ')}` : '';
  const place = placeOf(cause, world.cwd);
  switch (kind) {
    case 'edited':
      return `${cause.to === undefined ? 'no longer ' : ''}${paint.yellow('edits')} of a person in the WORKDIR, from ${name} on${whose}${way}`;
    case 'task-added':
      return `${paint.yellow('new task')} ${cause.task}${place}`;
    case 'task-removed':
      return `${paint.yellow('task gone')} ${cause.task}${place}`;
    default:
      return `${paint.yellow(kind)} ${kind === 'file' ? showPath(rawPath(name)) : name}: ${describeChange(cause)}${place}${whose}${way}`;
  }
}

function placeOf({ at, was }: ExplainedCause, cwd: string): string {
  const places = [
    ...(at === undefined ? [] : [nearPlace(at, cwd)]),
    ...(was === undefined ? [] : [`no longer ${nearPlace(was, cwd)}`]),
  ];
  return places.length === 0 ? '' : ` (${places.join(', ')})`;
}

/** From where the reader stands, if that is the shorter name. */
function nearPlace(place: string, cwd: string): string {
  const near = relative(cwd, place);
  return showPath(rawPath(place.startsWith('/') && near.length < place.length ? near : place));
}

function describeChange(cause: ExplainedCause): string {
  const { kind, from, to, stat, sameInputs = false } = cause;
  if (sameInputs) return 'another result of the same inputs';
  if (kind === 'dependency' && from === undefined) return 'now needed';
  if (kind === 'dependency' && to === undefined) return 'no longer needed';
  if (kind === 'file') return describeFile(from, to, stat);
  if (from === undefined) return `now ${shown(to)}`;
  if (to === undefined) return `no longer ${shown(from)}`;
  if (kind === 'hosttool') return describeTool(from, to);
  return kind === 'function' ? describeLines(from, to) : describeValues(from, to);
}

function describeFile(from: string | undefined, to: string | undefined, stat: FileStat | undefined): string {
  if (from === undefined) return 'new';
  if (to === undefined) return 'gone';
  const [[content, mode], [newContent, newMode]] = [from.split(' '), to.split(' ')];
  const modes = mode === newMode ? '' : `mode ${mode} → ${newMode}`;
  if (content === newContent) return modes;
  const both = modes === '' ? '' : `, ${modes}`;
  if (stat?.lines !== undefined) return `+${stat.lines.added} -${stat.lines.deleted}${both}`;
  if (stat !== undefined) return `${stat.bytes.map(formatSize).join(' → ')}${both}`;
  return `its content changed${both}`;
}

/** Its version, or where that is the same its checksum. */
function describeTool(from: string, to: string): string {
  const version = (value: string): string => value.replace(/ sha256:.*$/, '');
  return version(from) === version(to)
    ? describeValues(from, to)
    : describeValues(version(from), version(to));
}
