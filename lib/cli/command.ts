/** The form of a command's module. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Call } from './call.ts';

export interface CommandOf<Arguments> {
  /** As yargs has it: `diff <from> [to]`. */
  readonly command: string;
  /** One line for the list of commands. */
  readonly describe: string;
  /** A command line each, and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  /** Declares positionals and options; loads nothing. */
  readonly builder: (yargs: Argv) => Argv<Arguments>;
  /** Options, with their short forms, that may be given more than once. */
  readonly lists?: readonly string[];
  /** Words after `--` are taken: paths, or a command. */
  readonly afterDashes?: true;
  /** Turns words into a request and its answer into output; the exit code where it is not 0. */
  readonly run: (call: Call, args: ArgumentsCamelCase<Arguments>) => Promise<ExitCode | CommandStatus | void>;
}

export type ExitCode = 0 | 1 | 2 | 70 | 130;

/** What a command ended with that varve only ran: it is handed on as it is. */
export interface CommandStatus {
  readonly command: number;
}

/** A command of any arguments; one with subcommands does nothing itself. */
export interface Command extends CommandOf<Record<string, unknown>> {
  readonly subcommands?: readonly Command[];
}

/** Declares a command; the types of its arguments follow from its builder. */
export function defineCommand<Arguments>(command: CommandOf<Arguments>): Command {
  // A list of commands must forget the arguments of each; main hands each what its own builder declared.
  return command as unknown as Command;
}

/** Declares a command that is only a name for others. */
export function withSubcommands(
  own: { readonly name: string; readonly describe: string },
  subcommands: readonly Command[],
): Command {
  return {
    command: own.name,
    describe: own.describe,
    examples: subcommands.flatMap((command) => command.examples),
    builder: (yargs) => yargs,
    run: () => Promise.resolve(),
    subcommands,
  };
}
