import type { Datastore } from '../language/datastore.ts';
import { splitWords } from './split-words.ts';

/** Warns at the last statement that has the word; not where a class has it, which may mean another recipe. */
export function warnAtWord(
  data: Datastore,
  { variable, word }: { readonly variable: string; readonly word: string },
  text: string,
): void {
  const origin = data
    .origins(variable)
    .findLast(({ flag, detail }) => flag === undefined && splitWords(data.expand(detail)).includes(word));
  if (origin === undefined || !isOfRecipe(origin.file)) return;
  data.environment.warn(text, { file: origin.file, line: origin.line });
}

/** Whether a statement is of a recipe: classes and configurations know what they say. */
export function isOfRecipe(file: string): boolean {
  return !/\.(?:bbclass|conf)$/.test(file);
}
