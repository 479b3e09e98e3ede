import type { Options } from 'yargs';
import type { DeclaredOptions } from './declared-options.ts';

export type OptionMistake =
  | { readonly kind: 'unknown'; readonly option: string }
  /** `word`: what follows is taken for an option, and is none. */
  | { readonly kind: 'no-value'; readonly option: string; readonly word?: string }
  /** `word`: what yargs would take for yes or no. */
  | { readonly kind: 'takes-none'; readonly option: string; readonly word: string }
  | {
      readonly kind: 'no-choice';
      readonly option: string;
      readonly value: string;
      readonly choices: readonly string[];
    };

export interface ReadWords {
  /** The words that are neither options nor values of options. */
  readonly names: readonly string[];
  /** The first option that is not declared, or lacks its value, or has one that is no choice, or none of it. */
  readonly mistake: OptionMistake | undefined;
}

/** Tells options from other words, as yargs does, and finds what is wrong with them, which it does not say first. */
export function readWords(words: readonly string[], declared: DeclaredOptions): ReadWords {
  const names: string[] = [];
  let mistake: OptionMistake | undefined;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const spoken = optionsIn(word, declared);
    if (spoken === undefined) names.push(word);
    for (const option of spoken?.options ?? []) {
      const known = declared.get(option);
      if (known === undefined) {
        mistake ??= { kind: 'unknown', option };
        continue;
      }
      if (known.type === 'boolean') {
        const isLast = option === spoken?.options.at(-1);
        mistake ??= isLast ? valueOfNone(option, spoken?.attached, words[i + 1]) : undefined;
        continue;
      }
      const isNext = spoken?.attached === undefined;
      if (isNext) i += 1;
      const word = words[i] ?? '';
      if (isNext && known.requiresArg === true && /^-[^0-9]/.test(word)) {
        const isOption = optionsIn(word, declared)?.options.every((each) => declared.has(each)) ?? false;
        mistake ??= { kind: 'no-value', option, ...(!isOption && { word }) };
      }
      mistake ??= wrongValue(known, option, spoken?.attached ?? words[i]);
    }
  }
  return { names, mistake };
}

function valueOfNone(
  option: string,
  attached: string | undefined,
  next: string | undefined,
): OptionMistake | undefined {
  const word = attached ?? (next === 'true' || next === 'false' ? next : undefined);
  return word === undefined ? undefined : { kind: 'takes-none', option, word };
}

function wrongValue(known: Options, option: string, value: string | undefined): OptionMistake | undefined {
  if (value === undefined || (value === '' && known.requiresArg === true))
    return { kind: 'no-value', option };
  const choices = (known.choices ?? []).map(String);
  if (choices.length === 0 || choices.includes(value)) return undefined;
  return { kind: 'no-choice', option, value, choices };
}

interface Spoken {
  readonly options: readonly string[];
  /** The value of the last of them, where it is in the same word. */
  readonly attached?: string;
}

/** `--name`, `--name=value`, `-k`, `-kn` (two), `-j4` (one with its value), `-j=4`. */
function optionsIn(word: string, declared: DeclaredOptions): Spoken | undefined {
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
  if (long !== null) return spokenAs([long[1] ?? ''], long[2]);
  const letters = /^-([A-Za-z].*)$/s.exec(word)?.[1];
  if (letters === undefined) return undefined;
  const last = letters.split('').findIndex((letter) => declared.get(letter)?.type !== 'boolean');
  if (last < 0) return { options: letters.split('') };
  if (letters[last] === '=') return spokenAs(letters.slice(0, last).split(''), letters.slice(last + 1));
  return spokenAs(
    letters.slice(0, last + 1).split(''),
    letters.slice(last + 1).replace(/^=/, '') || undefined,
  );
}

function spokenAs(options: readonly string[], attached: string | undefined): Spoken {
  return { options, ...(attached === undefined ? {} : { attached }) };
}
