/** The command line: words in, an exit code out. */
import yargs, { type ArgumentsCamelCase, type Argv } from 'yargs';
import type { World } from '../ports/world.ts';
import { createPaint } from '../reporting/paint.ts';
import { explainSystemError } from '../reporting/explain-system-error.ts';
import { errorDocument, exitCodeOf, formatError } from '../reporting/report-error.ts';
import { ArtifactAway } from '../terms/artifact-away.ts';
import { VarveError } from '../terms/varve-error.ts';
import { version } from '../terms/version.ts';
import { bitbakeSpelling } from './bitbake-spelling.ts';
import { nearestBuildDir, startCall, wantsColours } from './call.ts';
import type { Command, ExitCode } from './command.ts';
import { commands } from './commands.ts';
import { everyCommand, globalOptions, globals } from './global-options.ts';
import { readWords } from './read-words.ts';
import { refuseValues, usageError, type Typed } from './usage-error.ts';
import { wordsAfterDashes, wordsBeforeDashes } from './words-after-dashes.ts';

/** Runs one command line to its end and says whatever is to be said; never throws. */
export async function main(world: World, words: readonly string[]): Promise<number> {
  const own = wordsBeforeDashes(words);
  try {
    return await obey(world, words);
  } catch (thrown) {
    const error = explainSystemError(thrown);
    report(world, error, { json: own.includes('--json'), noColor: own.includes('--no-color') });
    return exitCodeOf(error);
  }
}

/** Says what nobody caught; the exit code. */
export function reportFault(world: World, thrown: unknown): ExitCode {
  const error = explainSystemError(thrown);
  report(world, error, { json: false, noColor: false });
  return exitCodeOf(error);
}

function report(
  world: World,
  error: unknown,
  options: { readonly json: boolean; readonly noColor: boolean },
): void {
  const paint = createPaint(wantsColours(world, options) && world.stderr.isTTY);
  if (options.json) world.stdout.write(`${JSON.stringify(errorDocument(error, world.fs))}\n`);
  world.stderr.write(formatError(error, { paint, world }));
}

async function obey(world: World, words: readonly string[]): Promise<number> {
  const spelling = bitbakeSpelling(words, commands.map(commandName));
  if (spelling !== undefined) throw spelling;
  // yargs writes the help of every command that it is told of, also where nobody asks for it.
  const named = commands.filter((command) => words.includes(commandName(command)));
  const typed = { words, isRecipe: named.length === 0 && (await namesRecipe(world, words)) };
  const parser = register(commandLine(world, typed), named.length > 0 ? named : commands);
  // With a callback, yargs hands over its output instead of printing it.
  try {
    await parser.parseAsync([...words], {}, (error, _args, output) => {
      // Of what it cannot read it would say the help, too.
      if (output !== '' && !error) world.stdout.write(`${output}\n`);
    });
    return 0;
  } catch (thrown) {
    if (thrown instanceof Chosen) return run(world, words, thrown);
    throw thrown;
  }
}

/** Who forgets the command, as BitBake has none, means a recipe. */
async function namesRecipe(world: World, words: readonly string[]): Promise<boolean> {
  const [name] = readWords(words, everyCommand).names;
  const buildDir = nearestBuildDir(world, world.cwd);
  if (name === undefined || buildDir === undefined) return false;
  const { offersRecipe } = await import('../operations/offers-recipe.ts');
  return offersRecipe(world, { buildDir, name });
}

/** Thrown to leave yargs once it knows what is meant: next it would write the help, which costs more than the rest. */
class Chosen extends Error {
  readonly command: Command;
  readonly args: ArgumentsCamelCase<Record<string, unknown>>;

  constructor(command: Command, args: Chosen['args']) {
    super(command.command);
    this.command = command;
    this.args = args;
  }
}

async function run(world: World, words: readonly string[], { command, args }: Chosen): Promise<number> {
  refuseValues(command, { words, globals: everyCommand, spoken: `varve ${args._.join(' ')}` });
  refuseRepeated(command, args);
  refuseAfterDashes(command, args);
  const call = startCall(world, globalOptions(args));
  for (const brought = new Set<string>(); ;) {
    try {
      const ended = (await command.run(call, args)) ?? 0;
      return typeof ended === 'number' ? ended : ended.command;
    } catch (error) {
      if (!(error instanceof ArtifactAway) || brought.has(error.artifact.signature)) throw error;
      // It is asked for by its content, and a mirror may have it: then the question is asked again.
      brought.add(error.artifact.signature);
      const { fetchArtifact } = await import('../operations/fetch-artifact.ts');
      if (!(await fetchArtifact(world, { buildDir: call.buildDir(), away: error }, call.note))) throw error;
    }
  }
}

function register(parser: Argv, known: readonly Command[]): Argv {
  for (const command of known) {
    parser.command({
      command: command.command,
      describe: command.describe,
      builder: (own: Argv) => {
        for (const [line, what] of command.examples) own.example(line, what);
        if (command.subcommands === undefined) return command.builder(own);
        return register(own, command.subcommands).demandCommand(
          1,
          1,
          `${command.command} needs a subcommand`,
        );
      },
      handler: (args: ArgumentsCamelCase<Record<string, unknown>>) => {
        throw new Chosen(command, args);
      },
    });
  }
  return parser;
}

/** An option given twice arrives as a list, which only a few are. */
function refuseRepeated({ command, lists = [] }: Command, args: Readonly<Record<string, unknown>>): void {
  const positionals = [...command.matchAll(/(\w+)\.\./g)].map(([, name]) => name);
  const mayBe = new Set(['_', '--', ...positionals, ...lists]);
  const repeated = Object.keys(args).find((key) => Array.isArray(args[key]) && !mayBe.has(key));
  if (repeated === undefined) return;
  throw new VarveError('usage', `${repeated.length === 1 ? '-' : '--'}${repeated} was given more than once`);
}

/** Who types paths after `--` is not to be answered as if none had been typed. */
function refuseAfterDashes(
  { afterDashes }: Command,
  args: ArgumentsCamelCase<Record<string, unknown>>,
): void {
  const [word] = wordsAfterDashes(args);
  if (word === undefined || afterDashes === true) return;
  const own = `varve ${args._.join(' ')}`;
  throw new VarveError('usage', `${own} takes no words after --, and there is "${word}"`, {
    hints: [`${own} --help   shows its options and examples`],
  });
}

/** The parser with all that every command has in common. */
function commandLine(world: World, typed: Pick<Typed, 'words' | 'isRecipe'>): Argv {
  return yargs([])
    .scriptName('varve')
    .usage('$0 <command>\n\nBuilds software from BitBake recipes and keeps a git layer for every task.')
    .parserConfiguration({
      'boolean-negation': false,
      'populate--': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
    })
    .options(globals)
    .exitProcess(false)
    .strict()
    .demandCommand(1, 1)
    .recommendCommands()
    .help()
    .alias('help', 'h')
    .version(version)
    .wrap(Math.min(110, world.stdout.columns))
    .epilogue(
      'REV is RECIPE[@BUILD] (its artifact), RECIPE[@BUILD]:TASK (the WORKDIR after that task), or @BUILD: as all stood when ' +
        'that build ended, whether it had come to them or not.',
    )
    .fail((message, error) => {
      const isYargsOwn = error === undefined || error === null || error.name === 'YError';
      if (!isYargsOwn) throw error;
      throw usageError(message, { ...typed, commands, globals: everyCommand });
    });
}

const commandName = (command: Command): string => command.command.split(' ')[0] ?? '';
