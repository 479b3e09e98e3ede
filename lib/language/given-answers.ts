/** Answers that signatures hold of variables beside them: `DISTRO_FEATURES{pam} = Set`, `…_confargs(d) = --with-x`. */
import { dirname, join } from 'node:path/posix';
import type { Datastore } from './datastore.ts';
import { featuresWith } from './package-config.ts';
import { splitWords } from './python-values.ts';

export interface WithoutAnswers {
  /** As it was written. */
  readonly text: string;
  /** The `:remove` texts that took something out. */
  readonly removed: readonly string[];
}

const isSet = /^([^\s{}]+)\{(.+)\} = (Set|Unset)$/;
const isRemoved = /^_remove of (.*)$/;
const ofFileName = /^bb\.parse\.vars_from_file\(.*\)\[([012])\].* = (.*)$/;
const ofFeatures = /^varve\.packageconfig_confargs\(d\) = (.*)$/;
const ofOtherCalls = /^varve\.packageconfig_r?depends\(d\) = /;

/** Takes a text apart that entered a signature. */
export function splitAnswers(told: string): WithoutAnswers {
  const lines = told.split('\n');
  const isAnswer = (line: string): boolean =>
    [isSet, isRemoved, ofFileName, ofFeatures, ofOtherCalls].some((form) => form.test(line));
  let end = lines.length;
  while (end > 1 && isAnswer(lines[end - 1] ?? '')) end -= 1;
  const removed = lines.slice(end).flatMap((line) => isRemoved.exec(line)?.[1] ?? []);
  return { text: lines.slice(0, end).join('\n'), removed };
}

/** Changes the variables that were asked so that they answer as these texts say. */
export function giveAnswers(data: Datastore, told: readonly string[]): void {
  const lines = new Set(told.flatMap((text) => text.split('\n').slice(1)));
  for (const line of lines) {
    const [, variable, item, answer] = isSet.exec(line) ?? [];
    if (variable !== undefined && item !== undefined)
      answerWords(data, { variable, words: splitWords(item), isIn: answer === 'Set' });
    const [, part, value] = ofFileName.exec(line) ?? [];
    if (value !== undefined) answerFileName(data, Number(part), value);
    const [, args] = ofFeatures.exec(line) ?? [];
    if (args !== undefined) data.set('PACKAGECONFIG', featuresWith(data, splitWords(args)).join(' '));
  }
}

interface AnsweredWords {
  readonly variable: string;
  readonly words: readonly string[];
  readonly isIn: boolean;
}

function answerWords(data: Datastore, { variable, words, isIn }: AnsweredWords): void {
  const has = splitWords(data.get(variable));
  const missing = words.filter((word) => !has.includes(word));
  if ((missing.length === 0) === isIn) return;
  const last = words.at(-1);
  data.set(variable, (isIn ? [...has, ...missing] : has.filter((word) => word !== last)).join(' '));
}

/** `libfoo_1.2.bb` says PN and PV. */
function answerFileName(data: Datastore, part: number, value: string): void {
  const file = data.get('FILE') ?? '';
  const parts = file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/\.bb$/, '')
    .split('_');
  if (parts.length <= part || parts[part] === value) return;
  parts[part] = value;
  data.set('FILE', join(dirname(file), `${parts.join('_')}.bb`));
}
