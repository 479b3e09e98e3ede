/** One call of the command line: what every command may ask and say. */
import { dirname, join, resolve } from 'node:path';
import type { World } from '../ports/world.ts';
import { createPaint, type Paint } from '../reporting/paint.ts';
import { harmless } from '../reporting/printable.ts';
import { VarveError } from '../terms/varve-error.ts';
import { showPaged } from './show-paged.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly buildDir: string | undefined;
  readonly json: boolean;
  readonly noColor: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Call {
  readonly world: World;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly paint: Paint;
  /** The build directory that is meant; an error where there is none. */
  buildDir(): string;
  /** Answers with `document` under `--json`, else with what `text` writes. */
  answer(document: unknown, text: () => string): void;
  /** Answers, at a terminal through a pager. */
  answerAtLength(document: unknown, text: () => string): void;
  /** Says something about the work itself, on stderr; nothing under `-q`. */
  note(text: string): void;
  /** A path that the caller typed, made absolute. */
  path(typed: string): string;
}

/** Starts a call with the options that were typed. */
export function startCall(world: World, options: GlobalOptions): Call {
  // Somewhere else a difference is to be what it is, byte for byte.
  const forTerminal = (text: string): string => (world.stdout.isTTY ? harmless(text) : text);
  const answer =
    (show: (text: string) => void): Call['answer'] =>
    (document, text) =>
      options.json ? world.stdout.write(`${JSON.stringify(document)}\n`) : show(forTerminal(text()));
  return {
    world,
    json: options.json,
    quiet: options.quiet,
    verbose: options.verbose,
    paint: createPaint(wantsColours(world, options)),
    buildDir: () => findBuildDir(world, options.buildDir),
    answer: answer((text) => world.stdout.write(text)),
    answerAtLength: answer((text) => showPaged(world, text)),
    note: (text) => {
      if (!options.quiet) world.stderr.write(`${harmless(text)}\n`);
    },
    path: (typed) => resolve(world.cwd, typed),
  };
}

/** Whether colours are wanted: on a terminal, unless `--no-color` or NO_COLOR says otherwise. */
export function wantsColours(
  world: World,
  options: { readonly noColor: boolean; readonly json: boolean },
): boolean {
  const refused =
    options.noColor || options.json || (world.env['NO_COLOR'] ?? '') !== '' || world.env['TERM'] === 'dumb';
  return world.stdout.isTTY && !refused;
}

/** The nearest build directory, from a directory upwards. */
export function nearestBuildDir(world: World, from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (isBuildDir(world, dir)) return dir;
    if (dir === dirname(dir)) return undefined;
  }
}

const isBuildDir = ({ fs }: World, dir: string): boolean => fs.existsSync(join(dir, 'conf', 'bblayers.conf'));

function findBuildDir(world: World, typed: string | undefined): string {
  const from = resolve(world.cwd, typed ?? '.');
  const own = isBuildDir(world, from) ? from : undefined;
  const found = typed === undefined ? nearestBuildDir(world, from) : own;
  if (found !== undefined) return found;
  const init = 'varve init DIR --layer LAYER   writes a build directory';
  if (typed !== undefined) {
    throw new VarveError('usage', `${typed} is not a build directory: it has no conf/bblayers.conf`, {
      hints: [init],
    });
  }
  throw new VarveError(
    'usage',
    `no build directory: neither ${from} nor a directory above it has conf/bblayers.conf`,
    { hints: [init, 'varve -B DIR …   names one that is elsewhere'] },
  );
}
