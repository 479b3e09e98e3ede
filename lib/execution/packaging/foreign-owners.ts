/** Files of a package that belong to users whom another package of the recipe makes: these need not be there before it. */
import { dependencyNames } from '../../layers/split-words.ts';
import type { AccountCall } from '../../packages/account-words.ts';
import { baseAccounts } from '../../packages/base-accounts.ts';
import type { PackageCall } from '../../packages/system-accounts.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { ofPackage } from './of-package.ts';
import type { Lost } from './package-form.ts';
import type { PackageToWrite } from './package-to-write.ts';

/** @param calls those of all packages of the recipe */
export function foreignOwners(of: PackageToWrite, calls: readonly PackageCall[]): readonly Lost[] {
  const { recipe, name, root } = of;
  const stated = new Set(dependencyNames(ofPackage(recipe.data, 'RDEPENDS', name)));
  const isThere = knownTo(calls.filter((call) => call.package === name || stated.has(call.package)));
  const foreign = of.entries.flatMap(({ path, uid = 0, gid = 0 }) => {
    if (path === root) return [];
    const [user, group] = [of.owners.user(uid), of.owners.group(gid)];
    const names = [user, group].filter((one) => one !== undefined && !isThere(one));
    return names.map((owner) => ({ path, owner: owner ?? '' }));
  });
  const [first] = foreign;
  if (first === undefined) return [];
  const makers = calls.filter((call) => namesOf(call).includes(first.owner)).map((call) => call.package);
  const [maker = recipe.name] = makers.toSorted(byCodeUnit);
  const shown = `/${shownPath(below(root, first.path))}`;
  const text = `${shown} of package ${name} belongs to ${first.owner}, whom package ${maker} makes: on a target where that comes later it goes to root, or to whoever has the number`;
  return [
    {
      text,
      hints: [
        `RDEPENDS:${name} += "${maker}"   in ${recipe.file} has it there before`,
        `USERADD_PACKAGES += "${name}"   and USERADD_PARAM:${name} make ${first.owner} with this one, too`,
      ],
    },
  ];
}

function knownTo(calls: readonly AccountCall[]): (name: string) => boolean {
  const { users, groups } = baseAccounts();
  const made = new Set(calls.flatMap(namesOf));
  return (name) => users.has(name) || groups.has(name) || made.has(name);
}

function namesOf(call: AccountCall): readonly string[] {
  switch (call.program) {
    case 'groupadd':
      return [call.group.name];
    case 'useradd':
      return [call.user.name];
    case 'groupmems':
      return [];
    default:
      return call satisfies never;
  }
}
