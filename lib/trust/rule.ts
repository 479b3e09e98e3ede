import type { Input } from '../terms/inputs.ts';
import { shellWord } from '../terms/shell-word.ts';
import type { KeyId } from './public-key.ts';

/** Which results do not count any more: those of which all holds that it says. */
export interface Rule {
  /** Host that made it. */
  readonly builder?: string;
  /** Key that signed it. */
  readonly key?: KeyId;
  readonly recipe?: string;
  /** Host tool that had a part in it, and a part of what its input says: a version, a checksum. */
  readonly hosttool?: { readonly name: string; readonly value: string };
  /** Made then or later, ISO 8601 in UTC with milliseconds. */
  readonly since?: string;
  /** Made then or earlier. */
  readonly until?: string;
}

/** What is known of how a result came about. */
export interface Making {
  readonly recipe: string;
  readonly host?: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at?: string;
  /** That signed it; absent where none did. */
  readonly key?: KeyId;
  readonly inputs?: readonly Input[];
}

/**
 * Whether a rule is about a result. Of whom it is not known who made it or when, that may be so; a key that is not
 * there signed nothing. A rule on host tools needs the inputs: who has none cannot tell, and leaves it to who has.
 */
export function matchesRule(rule: Rule, making: Making): boolean {
  const { builder, key, recipe, hosttool, since, until } = rule;
  const { host, at } = making;
  return (
    (builder === undefined || host === undefined || host === builder) &&
    (key === undefined || making.key === key) &&
    (recipe === undefined || making.recipe === recipe) &&
    (since === undefined || at === undefined || at >= since) &&
    (until === undefined || at === undefined || at <= until) &&
    (hosttool === undefined || (making.inputs ?? []).some((input) => isTool(input, hosttool)))
  );
}

function isTool({ kind, name, value }: Input, tool: Required<Rule>['hosttool']): boolean {
  return kind === 'hosttool' && name === tool.name && value.includes(tool.value);
}

/** Says a rule as it is typed. */
export function spokenRule({ builder, key, recipe, hosttool, since, until }: Rule): string {
  const words = [
    ['builder', builder],
    ['key', key],
    ['recipe', recipe],
    ['hosttool', hosttool === undefined ? undefined : `${hosttool.name}=${hosttool.value}`],
    ['since', since],
    ['until', until],
  ] as const;
  return words
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`]))
    .join(' ');
}
