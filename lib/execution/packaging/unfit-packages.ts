/** Packages of one image that do not go with the versions of each other: their package manager would refuse them. */
import { compareVersions } from '../../language/compare-versions.ts';
import type { Relation } from '../../packages/relations.ts';
import type { OpenPackage } from './open-package.ts';

export interface Unfit {
  readonly one: OpenPackage;
  readonly how: 'depends on' | 'is in conflict with';
  readonly asked: Relation;
  /** What the image has. */
  readonly other: OpenPackage;
}

/** Finds the first that asks for a version which nobody in the image has, or is there beside one that it cannot bear. */
export function unfitPackage(packages: readonly OpenPackage[]): Unfit | undefined {
  for (const one of packages) {
    const { says } = one;
    const others = packages.filter((other) => other !== one);
    for (const asked of says.depends) {
      const offering = packages.filter(({ says: { provides } }) =>
        provides.some((own) => own.name === asked.name),
      );
      const [other] = offering;
      if (other === undefined || offering.some((each) => isOffered(each, asked))) continue;
      return { one, how: 'depends on', asked, other };
    }
    for (const asked of says.conflicts) {
      const other = others.find((each) => isOffered(each, asked));
      if (other !== undefined) return { one, how: 'is in conflict with', asked, other };
    }
  }
  return undefined;
}

function isOffered({ kind, says }: OpenPackage, asked: Relation): boolean {
  return says.provides.some((own) => own.name === asked.name && fits(kind, own, asked));
}

function fits(kind: OpenPackage['kind'], own: Relation, { versions: asked }: Relation): boolean {
  if (asked === undefined) return true;
  // What stands for a name stands for all its versions with rpm, and for none of them with dpkg.
  if (own.versions === undefined) return kind === 'rpm';
  const isLoose = kind === 'rpm' && !asked.version.includes('-');
  const version = isLoose ? own.versions.version.replace(/-[^-]*$/, '') : own.versions.version;
  const order = compareVersions(version, asked.version);
  const { how } = asked;
  return order === 0 ? how.includes('=') : how.startsWith(order < 0 ? '<' : '>');
}
