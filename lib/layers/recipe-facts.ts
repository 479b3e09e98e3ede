import { basename } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import type { EvaluatedRecipe } from '../language/read-recipe.ts';
import { isRecipeName } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { RecipeFacts, RecipeFile } from './metadata.ts';
import { dependencyNames, splitWords } from './split-words.ts';

/** Reads from the variables of a recipe what everybody asks of it. */
export function factsOf(evaluated: EvaluatedRecipe, file: RecipeFile): RecipeFacts {
  const { data, tasks, skipped, inherited, variants } = evaluated;
  const text = (name: string): string => data.get(name) ?? '';
  const name = data.get('PN') ?? file.name;
  if (!isRecipeName(name)) throw unspeakable(file.file, name);
  const packageArch = text('PACKAGE_ARCH');
  if (skipped === undefined && (!isRecipeName(packageArch) || packageArch.endsWith('.git'))) {
    throw new VarveError(
      'metadata',
      `PACKAGE_ARCH is "${packageArch}", which cannot be the name of a directory`,
      {
        place: { file: file.file },
        hints: [`varve env ${name} PACKAGE_ARCH   shows what made the value`],
      },
    );
  }
  return {
    name,
    version: text('PV'),
    revision: text('PR'),
    packageArch,
    tasks,
    // A recipe that is skipped may be half read: its texts are not to be looked at.
    ...(skipped === undefined
      ? { epoch: text('PE'), preference: Number(data.get('DEFAULT_PREFERENCE')) || 0, ...namesOf(data, name) }
      : { epoch: '', preference: 0, provides: [name], depends: [], rdepends: [], skipped }),
    native: inherited.some((one) => basename(one) === 'native.bbclass'),
    variants,
  };
}

function namesOf(data: Datastore, name: string): Pick<RecipeFacts, 'provides' | 'depends' | 'rdepends'> {
  const assumed = new Set(splitWords(data.get('ASSUME_PROVIDED')));
  const packages = packagesOf(data, name);
  const needed = dependencyNames(
    [...packages.map((one) => data.get(`RDEPENDS:${one}`) ?? ''), data.get('RDEPENDS') ?? ''].join(' '),
  );
  return {
    provides: [...new Set([name, ...splitWords(data.get('PROVIDES'))])],
    depends: dependencyNames(data.get('DEPENDS')).filter((one) => !assumed.has(one)),
    rdepends: needed.filter((one) => !assumed.has(one) && one !== name && !packages.includes(one)),
  };
}

/** What has no packages, as an image, stands for itself. */
export function packagesOf(data: Datastore, name: string): readonly string[] {
  const packages = splitWords(data.get('PACKAGES'));
  return packages.length === 0 ? [name] : packages;
}

function unspeakable(file: string, name: string): VarveError {
  return new VarveError(
    'metadata',
    `"${name}" cannot be a recipe's name: it begins with no letter, digit or "_", or holds a blank or one of / : @ " ' \` $ \\`,
    {
      place: { file },
      hints: ['a file is called NAME_VERSION.bb; PN = "…" gives another name'],
    },
  );
}
