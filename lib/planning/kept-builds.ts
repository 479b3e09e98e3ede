/** A build, as far as it matters for how long it is kept. */
export interface KeepableBuild {
  readonly n: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly name: string | undefined;
  /** Recipes that had an artifact in it, and those that had none: they failed, or it was cut off. */
  readonly made: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

export interface KeepPolicy {
  /** So many of the newest builds are kept whatever their age. */
  readonly newest: number;
  /** Milliseconds since the epoch: a build since then is kept whatever comes after it. */
  readonly since: number;
}

const DAY = 24 * 3_600_000;

/** What is kept where nobody says otherwise: 20 builds, and those of 30 days. */
export function usualPolicy(now: number): KeepPolicy {
  return { newest: 20, since: now - 30 * DAY };
}

/**
 * Decides which builds are kept: of whatever else goes with a build, nothing that one of these needs may. The newest
 * build, all that have a name, and the newest success and failure of each recipe always are. Oldest first, as given.
 */
export function keptBuilds<Build extends KeepableBuild>(
  builds: readonly Build[],
  policy: KeepPolicy,
): readonly Build[] {
  const told = { made: new Set<string>(), failed: new Set<string>() };
  const isFirst = (kind: keyof typeof told, recipes: ReadonlySet<string>): boolean => {
    const unseen = [...recipes].filter((recipe) => !told[kind].has(recipe));
    for (const recipe of unseen) told[kind].add(recipe);
    return unseen.length > 0;
  };
  const kept = builds.toReversed().filter((build, age) => {
    const isNewsOfRecipe = [isFirst('made', build.made), isFirst('failed', build.failed)].includes(true);
    const isRecent = age < Math.max(policy.newest, 1) || build.time >= policy.since;
    return isRecent || build.name !== undefined || isNewsOfRecipe;
  });
  return kept.toReversed();
}
