import { posix } from 'node:path';
import { statedAlternatives, type StatedAlternative } from '../../language/alternatives.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import {
  type Alternative,
  type Found,
  nameAlternatives,
  type NamedAlternatives,
} from '../../packages/alternatives.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Finds what the packages of a recipe have for common names, given what stands in its image. */
export function findAlternatives(
  recipe: LoadedRecipe,
  look: (path: string) => Found | undefined,
): NamedAlternatives {
  const stated = statedAlternatives(recipe.data).map((one) => checked(recipe, one));
  return nameAlternatives(stated, { ending: `.${recipe.data.get('BPN') ?? recipe.name}`, look });
}

/** They become words of a script. */
function checked(recipe: LoadedRecipe, one: StatedAlternative): Alternative {
  const { name, link, target, priority } = one;
  for (const [variable, path] of [
    ['ALTERNATIVE_LINK_NAME', link],
    ['ALTERNATIVE_TARGET', target],
  ] as const) {
    if (/^\/\S+$/.test(path) && posix.normalize(path) === path && !path.endsWith('/')) continue;
    throw wrong(recipe, one, `${variable}[${name}] is "${path}", which is no path on the target`);
  }
  if (!/^-?\d{1,9}$/.test(priority))
    throw wrong(recipe, one, `ALTERNATIVE_PRIORITY of ${name} is "${priority}", which is no number`);
  if (name.includes('/')) throw wrong(recipe, one, `ALTERNATIVE has ${name}, and a name has no slash`);
  return { ...one, priority: Number(priority) };
}

function wrong({ name, file }: LoadedRecipe, { package: one }: StatedAlternative, text: string): VarveError {
  return new VarveError('metadata', `${text}, in package ${one} of ${name}`, {
    place: { file },
    hints: [`varve env ${name} ALTERNATIVE:${one}   says where it comes from`],
  });
}
