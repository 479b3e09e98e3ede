/** What the last word of a command line may become. */
import { resolve } from 'node:path';
import { completeNames, type NamesOf } from '../operations/complete-names.ts';
import type { World } from '../ports/world.ts';
import { nearestBuildDir } from './call.ts';
import type { Command } from './command.ts';
import { shells } from './completion-scripts.ts';
import { type DeclaredOptions, declaredOptions } from './declared-options.ts';
import { everyCommand } from './global-options.ts';
import { readWords } from './read-words.ts';

/** Lists them, in order; none where it is a path, or anything. */
export function completeWords(
  world: World,
  commands: readonly Command[],
  words: readonly string[],
): readonly string[] {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const candidates = candidatesFor({ commands, before, last }, () => namesFor(world, before));
  return [...new Set(candidates)].filter((word) => word.startsWith(last));
}

interface Typed {
  readonly commands: readonly Command[];
  readonly before: readonly string[];
  readonly last: string;
}

function candidatesFor({ commands, before, last }: Typed, names: () => NamesOf): readonly string[] {
  const { names: typed, mistake } = readWords(before, everyCommand);
  if (mistake?.kind === 'no-value') return [];
  const command = commands.find((each) => nameOf(each) === typed[0]);
  if (command === undefined)
    return typed.length > 0 ? [] : last.startsWith('-') ? spelled() : named(commands);
  const { subcommands } = command;
  const subcommand = subcommands?.find((each) => nameOf(each) === typed[1]);
  const meant = subcommand ?? command;
  if (last.startsWith('-')) return spelled(meant);
  if (subcommands !== undefined && subcommand === undefined)
    return typed.length > 1 ? [] : named(subcommands);
  const options = new Map([...declaredOptions(meant), ...everyCommand]);
  const own = readWords(before, options);
  if (own.mistake?.kind === 'no-value') return optionValues(own.mistake.option, options, names);
  const place = own.names.length - (subcommand === undefined ? 1 : 2);
  return valuesOf(positionalAt(meant, place), last, names);
}

const nameOf = ({ command }: Command): string => command.split(' ')[0] ?? '';
const named = (of: readonly Command[]): readonly string[] => of.map(nameOf);

function spelled(command?: Command): readonly string[] {
  const own = command === undefined ? [] : [...declaredOptions(command).keys()];
  return [...own, ...everyCommand.keys()].filter((name) => name.length > 1).map((name) => `--${name}`);
}

function optionValues(option: string, options: DeclaredOptions, names: () => NamesOf): readonly string[] {
  if (option === 'good' || option === 'bad')
    return names()
      .builds()
      .map((build) => `@${build}`);
  return (options.get(option)?.choices ?? []).map(String);
}

/** The name of the positional at a place: `rev` of `cat <rev> <path>`; the last one may go on. */
function positionalAt({ command }: Command, place: number): string | undefined {
  const positionals = [...command.matchAll(/[<[](\w+)(\.\.)?[>\]]/g)];
  const at = positionals[place] ?? positionals.at(-1);
  return positionals[place] !== undefined || at?.[2] !== undefined ? at?.[1] : undefined;
}

function valuesOf(positional: string | undefined, last: string, names: () => NamesOf): readonly string[] {
  switch (positional) {
    case 'recipe':
    case 'target':
      return names().recipes();
    case 'rev':
    case 'from':
    case 'to':
    case 'further':
      return revisions(last, names());
    case 'shell':
      return shells;
    default:
      return [];
  }
}

/** `zlib`, `@12`; after `zlib@` builds, after `zlib:` tasks. */
function revisions(last: string, { recipes, builds, tasks }: NamesOf): readonly string[] {
  const colon = last.indexOf(':');
  if (colon >= 0) {
    const head = last.slice(0, colon + 1);
    const [recipe = ''] = head.split(/[@:]/, 1);
    const spelling = last.startsWith('do_', head.length) ? 'do_' : '';
    return tasks(recipe).map((task) => head + spelling + task);
  }
  const at = last.indexOf('@');
  if (at >= 0) return builds().map((build) => last.slice(0, at + 1) + build);
  return [...recipes(), ...(last === '' ? builds().map((build) => `@${build}`) : [])];
}

function namesFor(world: World, before: readonly string[]): NamesOf {
  const option = before.findIndex((word) => word === '-B' || word === '--build-dir');
  const from = option < 0 ? world.cwd : resolve(world.cwd, before[option + 1] ?? '.');
  return completeNames(world, nearestBuildDir(world, from));
}
