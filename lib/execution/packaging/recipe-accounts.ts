/** The users and groups that a recipe's packages bring: USERADD_PARAM, GROUPADD_PARAM and GROUPMEMS_PARAM. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { type Program, readCall, splitCalls } from '../../packages/account-words.ts';
import { baseAccounts } from '../../packages/base-accounts.ts';
import { type Accounts, addAccounts, type PackageCall } from '../../packages/system-accounts.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { ofPackage } from './of-package.ts';

/** Lists what a recipe calls for, groups first, in the order of USERADD_PACKAGES. */
export function callsOf(recipe: LoadedRecipe): readonly PackageCall[] {
  const made = new Set(splitWords(recipe.data.get('PACKAGES')));
  const packages = splitWords(recipe.data.get('USERADD_PACKAGES')).filter((one) => made.has(one));
  return PROGRAMS.flatMap(([variable, program]) =>
    packages.flatMap((one) =>
      splitCalls(ofPackage(recipe.data, variable, one) ?? '').map((words): PackageCall => {
        const call = program === undefined ? 'varve makes users, and changes none' : readCall(program, words);
        if (typeof call === 'string') throw wrong(recipe, `${variable}:${one}`, { words, why: call });
        return { ...call, package: one };
      }),
    ),
  );
}

const PROGRAMS: readonly (readonly [variable: string, program: Program | undefined])[] = [
  ['GROUPADD_PARAM', 'groupadd'],
  ['USERADD_PARAM', 'useradd'],
  ['USERMOD_PARAM', undefined],
  ['GROUPMEMS_PARAM', 'groupmems'],
];

/** All accounts that a task of the recipe knows; undefined: it brings none. Numbers are the recipe's own affair. */
export function accountsOf(recipe: LoadedRecipe): Accounts | undefined {
  const calls = callsOf(recipe);
  return calls.length === 0 ? undefined : addAccounts(baseAccounts(), calls);
}

/** How the owners with these numbers are called; undefined: by their numbers. */
export interface OwnerNames {
  user(id: number): string | undefined;
  group(id: number): string | undefined;
}

/** Packages have names where the recipe brings users: another target gives these other numbers. */
export function ownerNames(recipe: LoadedRecipe): OwnerNames {
  const accounts = accountsOf(recipe);
  const names = (all: Accounts['users'] | Accounts['groups'] | undefined): ReadonlyMap<number, string> =>
    new Map([...(all?.values() ?? [])].filter(({ id }) => id !== 0).map(({ id, name }) => [id, name]));
  const [users, groups] = [names(accounts?.users), names(accounts?.groups)];
  return { user: (id) => users.get(id), group: (id) => groups.get(id) };
}

function wrong(
  { name, file }: LoadedRecipe,
  variable: string,
  { words, why }: { readonly words: readonly string[]; readonly why: string },
): VarveError {
  return new VarveError('metadata', `${variable} of ${name} has "${words.join(' ')}": ${why}`, {
    place: { file },
    hints: [`varve env ${name} ${variable}   says where it comes from`],
  });
}
