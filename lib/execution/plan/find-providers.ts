import type { Providers } from '../../graph/build-graph.ts';
import { whyLeftOut } from '../../language/heed-forbidden-licenses.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import { groupBy } from '../../terms/group-by.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { createAskingPlace } from './asking-place.ts';
import { recipeShapeOf } from '../outline/recipe-shape-of.ts';
import { firstOf } from '../../terms/first-of.ts';

/** A name in RDEPENDS that leads to no recipe. */
export interface NotProvided {
  readonly name: string;
  /** The recipe that asks. */
  readonly recipe: string;
  /** Where it does. */
  readonly at: string;
  /** As the end of a sentence about the name. */
  readonly why: string;
}

/** What is said of one such name, whoever asks for it. */
export interface NotProvidedSaid {
  /** The first recipe that asks. */
  readonly about: string;
  /** With the place that asks in front. */
  readonly text: string;
  readonly hints: readonly string[];
}

/** How many of the others that ask are named. */
const NAMED = 3;

/** Says each name once; the hint at the end has them all, to be written as it is. */
function describeNotProvided(missing: readonly NotProvided[]): readonly NotProvidedSaid[] {
  const groups = [...groupBy(missing, ({ name }) => name).values()];
  const names = groups.flatMap(([first]) => first?.name ?? []).join(' ');
  const hint = `where the target has ${groups.length > 1 ? 'them' : 'it'} from elsewhere, say so in conf/local.conf: ASSUME_PROVIDED += "${names}"`;
  return groups.flatMap(([first, ...others], at) => {
    if (first === undefined) return [];
    const text = `${first.at}: ${first.recipe} needs "${first.name}" to run, which ${first.why}${alsoAsking(others)}`;
    return [{ about: first.recipe, text, hints: at === groups.length - 1 ? [hint] : [] }];
  });
}

function alsoAsking(others: readonly NotProvided[]): string {
  if (others.length === 0) return '';
  const names = others.map(({ recipe }) => recipe);
  return `; so ${others.length === 1 ? 'does' : 'do'} ${firstOf(names, NAMED)}`;
}

/** The look-up of the task graph. */
export interface TellingProviders extends Providers {
  /** What was needed to run only and nobody provides, as far as it was looked for: left out, and to be told. */
  notProvided(): readonly NotProvidedSaid[];
  /** The same, as it was found. */
  missing(): readonly NotProvided[];
}

/** Makes the look-up of the task graph. */
export function findProviders(metadata: Metadata): TellingProviders {
  const missing = new Map<string, NotProvided>();
  const askingPlace = createAskingPlace((name) => metadata.recipe(name));
  return {
    askedAt: (task, needed) => askingPlace(task, needed).at,
    toBuild: (name, askedBy) => recipeShapeOf(metadata.recipe(name, askedBy)),
    toRun(name, askedBy) {
      const found = metadata.providerToRun(name);
      const isThere = found !== undefined && found.skipped === undefined;
      if (isThere && leftOut(found, name) === undefined) return recipeShapeOf(found);
      const key = `${askedBy} ${name}`;
      if (!missing.has(key)) missing.set(key, notProvided(metadata.recipe(askedBy), { name, found }));
      return undefined;
    },
    notProvided: () => describeNotProvided([...missing.values()]),
    missing: () => [...missing.values()],
  };
}

function notProvided(
  recipe: LoadedRecipe,
  { name, found }: { readonly name: string; readonly found: LoadedRecipe | undefined },
): NotProvided {
  const at = new Map(outlineOf(recipe).dependencyPlaces).get(name) ?? recipe.file;
  return { name, recipe: recipe.name, at, why: whyNot(name, found) };
}

function whyNot(name: string, found: LoadedRecipe | undefined): string {
  if (found === undefined) return 'no recipe provides';
  return found.skipped === undefined
    ? `${found.name} does not make: ${leftOut(found, name) ?? ''}`
    : `is skipped: ${found.skipped}`;
}

/** Why a package of the recipe is not made; undefined: it is, or is none of its packages. */
function leftOut(recipe: LoadedRecipe, name: string): string | undefined {
  return new Map(recipe.remember('left-out', whyLeftOut)).get(name);
}
