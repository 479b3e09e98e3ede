/** Errors as people and as programs read them. */
import { relative } from 'node:path';
import { ParseFailed } from '../operations/parse-failed.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { formatHints } from './format-hints.ts';
import { nearPath } from './near-path.ts';
import type { Paint } from './paint.ts';

/** The exit code that an error ends the command with. */
export function exitCodeOf(error: unknown): 1 | 2 | 70 {
  if (!(error instanceof VarveError)) return 70;
  switch (error.fault) {
    case 'task':
      return 1;
    case 'usage':
    case 'metadata':
      return 2;
    case 'internal':
      return 70;
    default:
      return error.fault satisfies never;
  }
}

export interface ErrorView {
  readonly paint: Paint;
  /** Files below it are shown relative to it. */
  readonly cwd: string;
}

/** Writes an error with its place, the line it is about and what to do next. Ends with a newline. */
export function formatError(error: unknown, view: ErrorView): string {
  const { paint } = view;
  const title = (text: string): string => `${paint.bold(paint.red('error:'))} ${text}\n`;
  if (error instanceof VarveError && error.fault !== 'internal') {
    const at = error.place === undefined ? '' : `${describePlace(error.place, view.cwd)}: `;
    const quoted = error.place === undefined ? '' : quoteLine(error.place, view);
    return title(`${at}${error.message}`) + quoted + formatHints(error.hints, paint);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    title('varve itself failed; this is a fault in varve, not in your recipes') +
    `${stack}\n` +
    formatHints([reportIt], paint)
  );
}

const reportIt =
  'please report it with the lines above, the command you typed and the output of "varve --version"';

export interface ErrorDocument {
  readonly schema: 1;
  readonly error: {
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly hints: readonly string[];
  };
}

/** The error as `--json` tells it. */
export function errorDocument(error: unknown): ErrorDocument {
  const known = error instanceof VarveError ? error : undefined;
  const place = known?.place;
  return {
    schema: 1,
    error: {
      ...(known instanceof ParseFailed ? { phase: known.phase } : {}),
      message: error instanceof Error ? error.message : String(error),
      ...(place === undefined ? {} : { file: fileOf(place, known) }),
      ...(place?.line === undefined ? {} : { line: place.line }),
      ...(place?.column === undefined ? {} : { column: place.column }),
      hints: known?.hints ?? [reportIt],
    },
  };
}

/** What is read without a build directory is one small world, in which paths are told from its top. */
function fileOf({ file }: Place, error: VarveError | undefined): string {
  const isInside = error instanceof ParseFailed && file.startsWith(`${error.top}/`);
  return isInside ? relative(error.top, file) : file;
}

/** Writes `file:line:column`, as far as known. */
export function describePlace(place: Place, cwd: string): string {
  return [nearPath(place.file, cwd), place.line, place.column].filter((part) => part !== undefined).join(':');
}

function quoteLine(place: Place, { paint, cwd }: ErrorView): string {
  const via = (place.via ?? []).map(
    (step) => `  ${paint.dim('from')} ${step.replace(/^\S+/, (file) => nearPath(file, cwd))}\n`,
  );
  if (place.text === undefined) return via.join('');
  const number = String(place.line ?? '').padStart(5);
  const caret =
    place.column === undefined
      ? ''
      : `${' '.repeat(5)} | ${blanksUpTo(place.text, place.column)}${paint.red('^')}\n`;
  return `${paint.dim(`${number} |`)} ${place.text}\n${caret}${via.join('')}`;
}

/** Tabs stay tabs, so that the caret stands below its column. */
function blanksUpTo(text: string, column: number): string {
  return text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
}
