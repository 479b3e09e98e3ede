/** Recipes that need, or cannot bear, features of a distribution or a machine. */
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

/** Skips a recipe that asks for features which are not there: ANY_OF_, REQUIRED_ or CONFLICT_DISTRO_FEATURES and their like. */
export function skipWithoutFeatures(data: Datastore): void {
  if ((data.get('PARSE_ALL_RECIPES') ?? '') !== '') return;
  for (const kind of ['DISTRO', 'MACHINE', 'COMBINED', 'IMAGE', 'TUNE']) {
    const why = whyNot(data, `${kind}_FEATURES`);
    if (why !== undefined) throw new RecipeSkipped(why);
  }
}

function whyNot(data: Datastore, variable: string): string | undefined {
  const required = splitWords(data.get(`REQUIRED_${variable}`));
  const unwanted = splitWords(data.get(`CONFLICT_${variable}`));
  const enough = splitWords(data.get(`ANY_OF_${variable}`));
  const there = new Set(splitWords(data.get(variable)));
  const missing = required.filter((name) => !there.has(name));
  if (missing.length > 0) return `${variable} lacks ${missing.join(' ')}`;
  const clashing = unwanted.filter((name) => there.has(name));
  if (clashing.length > 0) return `${variable} has ${clashing.join(' ')}`;
  if (enough.length > 0 && !enough.some((name) => there.has(name)))
    return `${variable} has none of ${enough.join(' ')}`;
  return undefined;
}
