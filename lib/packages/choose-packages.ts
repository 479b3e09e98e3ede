/** Which packages come along with those that somebody asks for. */
import { byCodeUnit } from '../terms/ids.ts';

/** What a package says of itself, by name only. */
export interface PackageFacts {
  readonly name: string;
  readonly provides: readonly string[];
  readonly depends: readonly string[];
}

export interface Choice<P> {
  /** Sorted by name. */
  readonly chosen: readonly P[];
  /** Asked for, and nobody's name. */
  readonly unknown: readonly string[];
  /** A name that several packages stand for, none of which was asked for by its own. */
  readonly ties: readonly { readonly name: string; readonly among: readonly string[] }[];
  /** What chosen packages depend on, and nobody has, with the first that does. */
  readonly missing: readonly { readonly name: string; readonly by: string }[];
}

/**
 * Chooses the packages that are asked for and what these depend on. One that only stands for a name (Provides) is chosen
 * where no package has the name; what such names lead to comes last, so that whatever was chosen by its own name counts.
 * A dependency that nobody has is left out: the target may have it from elsewhere.
 */
export function choosePackages<P extends PackageFacts>(
  offered: readonly P[],
  asked: readonly string[],
): Choice<P> {
  const sorted = offered.toSorted((a, b) => byCodeUnit(a.name, b.name));
  const byName = new Map(sorted.map((one) => [one.name, one]));
  const standFor = (name: string): readonly P[] => sorted.filter(({ provides }) => provides.includes(name));
  const chosen = new Map<string, P>();
  const open = new Set<string>();
  const take = (names: readonly string[]): void => {
    const queue = [...names];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const found = byName.get(name);
      if (found === undefined) open.add(name);
      else if (!chosen.has(name)) {
        chosen.set(name, found);
        queue.push(...found.depends);
      }
    }
  };
  take(asked);
  const ties: { readonly name: string; readonly among: readonly string[] }[] = [];
  // A set goes on over what is added while it is gone through.
  for (const name of open) {
    const among = standFor(name);
    if (among.some((one) => chosen.has(one.name))) continue;
    const [first, ...others] = among;
    if (first !== undefined && others.length > 0) ties.push({ name, among: among.map((one) => one.name) });
    if (first !== undefined) take([first.name]);
  }
  const all = [...chosen.values()].toSorted((a, b) => byCodeUnit(a.name, b.name));
  const isNobody = (name: string): boolean => !byName.has(name) && standFor(name).length === 0;
  const missing = all.flatMap(({ name: by, depends }) =>
    depends.filter(isNobody).map((name) => [name, { name, by }] as const),
  );
  return {
    chosen: all,
    unknown: asked.filter(isNobody),
    ties,
    missing: [...new Map(missing.toReversed()).values()].toReversed(),
  };
}
