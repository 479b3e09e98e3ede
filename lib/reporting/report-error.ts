/** Errors as people and as programs read them. */
import { relative } from 'node:path';
import { ParseFailed } from '../operations/parsing/parse-failed.ts';
import type { World } from '../ports/world.ts';
import { VarveError, type Place, type Step } from '../terms/varve-error.ts';
import { formatHints } from './format-hints.ts';
import { nearPath } from './near-path.ts';
import type { Paint } from './paint.ts';
import { harmless } from './printable.ts';
import { quotePlace, type Quoted } from './quote-place.ts';

/** The exit code that an error ends the command with. */
export function exitCodeOf(error: unknown): 1 | 2 | 70 {
  if (!(error instanceof VarveError)) return 70;
  switch (error.fault) {
    case 'task':
    case 'disk':
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
  /** Files below its directory are shown relative to that. */
  readonly world: Pick<World, 'cwd' | 'fs'>;
}

/** Writes an error with its place, the line it is about and what to do next; no terminal is commanded by it. Ends with a newline. */
export function formatError(error: unknown, view: ErrorView): string {
  return harmless(errorText(error, view));
}

function errorText(error: unknown, view: ErrorView): string {
  const { paint } = view;
  const title = (text: string): string => `${paint.bold(paint.red('error:'))} ${text}\n`;
  if (error instanceof VarveError && error.fault !== 'internal') {
    const [at, quoted] = error.place === undefined ? ['', ''] : showPlace(error.place, view);
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
    /** How the reader came to the file, innermost first. */
    readonly via?: readonly Step[];
    readonly hints: readonly string[];
  };
}

/** The error as `--json` tells it. */
export function errorDocument(error: unknown, fs: World['fs']): ErrorDocument {
  const known = error instanceof VarveError ? error : undefined;
  const place = known?.place;
  const quoted = place === undefined ? undefined : quotePlace(place, fs);
  return {
    schema: 1,
    error: {
      ...(known instanceof ParseFailed ? { phase: known.phase } : {}),
      message: error instanceof Error ? error.message : String(error),
      ...(place === undefined ? {} : { file: nearTop(place.file, known) }),
      ...(place?.line === undefined ? {} : { line: place.line }),
      ...(quoted === undefined ? {} : { column: quoted.column }),
      ...(place?.via === undefined
        ? {}
        : { via: place.via.map((step) => ({ ...step, file: nearTop(step.file, known) })) }),
      hints: known?.hints ?? [reportIt],
    },
  };
}

/** What is read without a build directory is one small world, in which paths are told from its top. */
function nearTop(file: string, error: VarveError | undefined): string {
  const isInside = error instanceof ParseFailed && file.startsWith(`${error.top}/`);
  return isInside ? relative(error.top, file) : file;
}

/** The place before the message, `file:line:column: `, and what is quoted below it. */
function showPlace(place: Place, { paint, world }: ErrorView): readonly [string, string] {
  const quoted = quotePlace(place, world.fs);
  const near = (file: string): string => nearPath(file, world.cwd);
  const at = [near(place.file), place.line, quoted?.column].filter((part) => part !== undefined).join(':');
  const via = (place.via ?? []).map(
    ({ how, file, line }) =>
      `  ${paint.dim(`${how} from`)} ${near(file)}${line === undefined ? '' : `:${line}`}\n`,
  );
  return [`${at}: `, `${quoted === undefined ? '' : quoteLine(place.line, quoted, paint)}${via.join('')}`];
}

function quoteLine(line: number | undefined, { text, column }: Quoted, paint: Paint): string {
  const number = paint.dim(`${String(line ?? '').padStart(5)} |`);
  return `${number} ${text}\n${' '.repeat(5)} | ${blanksUpTo(text, column)}${paint.red('^')}\n`;
}

/** Tabs stay tabs, so that the caret stands below its column. */
function blanksUpTo(text: string, column: number): string {
  return text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
}
