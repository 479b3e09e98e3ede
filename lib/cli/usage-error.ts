/** Makes errors of ours of yargs' complaints. */
import { closest } from '../terms/closest.ts';
import { shellWord } from '../terms/shell-word.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Command } from './command.ts';
import { declaredOptions, type DeclaredOptions } from './declared-options.ts';
import { readWords, type OptionMistake } from './read-words.ts';
import { wordsBeforeDashes } from './words-after-dashes.ts';

export interface Typed {
  readonly words: readonly string[];
  readonly commands: readonly Command[];
  /** The options that every command takes. */
  readonly globals: DeclaredOptions;
  /** The first word is no command, but a recipe is called so. */
  readonly isRecipe: boolean;
}

/** Says what is wrong with the words, with the nearest name where one was mistyped. */
export function usageError(message: string, { words, commands, globals, isRecipe }: Typed): VarveError {
  const own = wordsBeforeDashes(words);
  const { names, mistake } = readWords(own, globals);
  const [first, second] = names;
  const command = commands.find((each) => nameOf(each) === first);
  if (command === undefined) {
    if (mistake !== undefined) return wrongOption(mistake, { spoken: 'varve', known: globals });
    return first === undefined ? noCommand() : unknownCommand(first, { commands, isRecipe });
  }
  const { subcommands } = command;
  if (subcommands === undefined) return wrongWords(message, { own, globals, commands: [command] });
  const subcommand = subcommands.find((each) => nameOf(each) === second);
  return subcommand === undefined
    ? unknownSubcommand(command, subcommands, second)
    : wrongWords(message, { own, globals, commands: [command, subcommand] });
}

/**
 * Refuses what yargs takes: of an option that says yes by being there any value but one for no (`--dry-run=yes` would not be
 * dry), and nothing for a value or a word.
 */
export function refuseValues(command: Command, { words, globals, spoken }: Obeying): void {
  const known = new Map([...declaredOptions(command), ...globals]);
  const { mistake, names } = readWords(wordsBeforeDashes(words), known);
  const isEmpty = mistake?.kind === 'no-value' && known.get(mistake.option)?.requiresArg === true;
  if (isEmpty || mistake?.kind === 'takes-none') throw wrongOption(mistake, { spoken, known });
  if (names.includes('')) throw emptyWord(spoken);
}

function emptyWord(spoken: string): VarveError {
  return new VarveError('usage', `one of the words after "${spoken}" is empty`, {
    hints: ['"$NAME" of a variable that is not set is such a word', helpOf(spoken)],
  });
}

type Obeying = Pick<Typed, 'words' | 'globals'> & Pick<Asked, 'spoken'>;

interface Wrong {
  /** The words before `--`. */
  readonly own: readonly string[];
  readonly globals: DeclaredOptions;
  /** The command, and its subcommand where it has any. */
  readonly commands: readonly [Command, Command?];
}

function wrongWords(message: string, { own, globals, commands }: Wrong): VarveError {
  const [command, subcommand] = commands;
  const usage = ['varve', command.command, ...(subcommand === undefined ? [] : [subcommand.command])].join(
    ' ',
  );
  const spoken = usage.replace(/ [<[].*/, '');
  const known = new Map([...declaredOptions(subcommand ?? command), ...globals]);
  const { mistake } = readWords(own, known);
  if (mistake !== undefined) return wrongOption(mistake, { spoken, known });
  return new VarveError('usage', complaint(message, { usage, spoken }), { hints: [helpOf(spoken)] });
}

function complaint(message: string, { usage, spoken }: { readonly usage: string; readonly spoken: string }) {
  if (message.startsWith('Not enough non-option arguments')) return `something is missing in: ${usage}`;
  const [, extra] = /^Unknown arguments?: (.*)/.exec(message) ?? [];
  if (extra !== undefined) return `there is no place for "${extra}" in: ${usage}`;
  const [, missing] = /^Missing required arguments?: (.*)/.exec(message) ?? [];
  if (missing !== undefined) return `${spoken} needs ${missing.split(', ').map(dashed).join(' and ')}`;
  const [, one, other] = /^Arguments (\S+) and (\S+) are mutually exclusive$/.exec(message) ?? [];
  if (one !== undefined && other !== undefined)
    return `${dashed(one)} and ${dashed(other)} are not given together`;
  const [, word, given, choices] = /Argument: (\S+), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (choices !== undefined)
    return `${word} is ${choices.replaceAll('"', '').replaceAll(', ', ' or ')}, not ${given}`;
  return sentence(message);
}

interface Asked {
  /** `varve artifact show` */
  readonly spoken: string;
  readonly known: DeclaredOptions;
}

function wrongOption(mistake: OptionMistake, { spoken, known }: Asked): VarveError {
  const option = dashed(mistake.option);
  const error = (message: string, ...hints: readonly string[]): VarveError =>
    new VarveError('usage', message, { hints: [...hints, helpOf(spoken)] });
  switch (mistake.kind) {
    case 'no-value':
      return mistake.word === undefined
        ? error(`${option} needs a value`)
        : error(
            `${option} needs a value, and one that begins with "-" in the same word: ${option}=${shellWord(mistake.word)}`,
          );
    case 'takes-none':
      return error(`${option} takes no value, and "${mistake.word}" would be one`);
    case 'no-choice':
      return error(`${option} takes ${mistake.choices.join(' or ')}, not "${mistake.value}"`);
    case 'unknown': {
      const near = mistake.option.length === 1 ? undefined : closest(mistake.option, known.keys());
      return error(
        `${spoken} has no option ${option}`,
        ...(near === undefined ? [] : [`did you mean "${dashed(near)}"?`]),
      );
    }
    default:
      return mistake satisfies never;
  }
}

const dashed = (option: string): string => (option.length === 1 ? `-${option}` : `--${option}`);

const helpOf = (spoken: string): string =>
  spoken === 'varve'
    ? 'varve --help   lists the commands'
    : `${spoken} --help   shows its options and examples`;

function noCommand(): VarveError {
  return new VarveError('usage', 'no command was given', { hints: [helpOf('varve')] });
}

function unknownCommand(
  typed: string,
  { commands, isRecipe }: Pick<Typed, 'commands' | 'isRecipe'>,
): VarveError {
  const near = closest(typed, commands.map(nameOf));
  return new VarveError('usage', `there is no command "${typed}"`, {
    hints: [
      ...(near === undefined || isRecipe ? [] : [`did you mean "varve ${near}"?`]),
      ...(isRecipe ? [`varve build ${typed}   builds the recipe of that name`] : []),
      helpOf('varve'),
    ],
  });
}

function unknownSubcommand(
  command: Command,
  subcommands: readonly Command[],
  typed: string | undefined,
): VarveError {
  const name = `varve ${command.command}`;
  const all = subcommands.map(nameOf);
  const near = typed === undefined ? undefined : closest(typed, all);
  const message =
    typed === undefined ? `${name} needs one of ${all.join(', ')}` : `there is no command "${name} ${typed}"`;
  return new VarveError('usage', message, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${name} ${near}"?`]),
      `${name} --help   lists its commands`,
    ],
  });
}

const nameOf = (command: Command): string => command.command.split(' ')[0] ?? '';

/** yargs writes several lines and capitals; a message of ours is one sentence without a final period. */
function sentence(message: string): string {
  const line = message
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  return (line.charAt(0).toLowerCase() + line.slice(1)).replace(/\.$/, '');
}
