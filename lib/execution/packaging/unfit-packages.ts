/** Packages of one image that do not go with the versions of each other: their package manager would refuse them. */
import { compareVersions } from '../../language/compare-versions.ts';
import type { Relation } from '../../packages/relations.ts';
import { groupBy } from '../../terms/group-by.ts';
import type { OpenPackage } from './open-package.ts';

export interface Unfit {
  readonly one: OpenPackage;
  readonly how: 'depends on' | 'is in conflict with';
  readonly asked: Relation;
  /** What the image has. */
  readonly other: OpenPackage;
}

/**
 * Finds the first that asks for a version which nobody in the image has, or is there beside one that it cannot bear.
 * Each relation meets only what bears its name.
 */
export function unfitPackage(packages: readonly OpenPackage[]): Unfit | undefined {
  const offers = groupBy(
    packages.flatMap((by) => by.says.provides.map((own) => ({ by, own }))),
    ({ own }) => own.name,
  );
  for (const one of packages) {
    for (const asked of one.says.depends) {
      const offering = offers.get(asked.name) ?? [];
      const [first] = offering;
      if (first === undefined || offering.some((each) => fits(each, asked))) continue;
      return { one, how: 'depends on', asked, other: first.by };
    }
    for (const asked of one.says.conflicts) {
      const other = offers.get(asked.name)?.find((each) => each.by !== one && fits(each, asked));
      if (other !== undefined) return { one, how: 'is in conflict with', asked, other: other.by };
    }
  }
  return undefined;
}

/** A name, and versions of it, that a package stands for. */
interface Offer {
  readonly by: OpenPackage;
  readonly own: Relation;
}

function fits({ by: { kind }, own }: Offer, { versions: asked }: Relation): boolean {
  if (asked === undefined) return true;
  // What stands for a name stands for all its versions with rpm, and for none of them with dpkg.
  if (own.versions === undefined) return kind === 'rpm';
  const isLoose = kind === 'rpm' && !asked.version.includes('-');
  const version = isLoose ? own.versions.version.replace(/-[^-]*$/, '') : own.versions.version;
  const order = compareVersions(version, asked.version);
  const { how } = asked;
  return order === 0 ? how.includes('=') : how.startsWith(order < 0 ? '<' : '>');
}
