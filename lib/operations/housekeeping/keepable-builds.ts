import type { RecordedBuild } from '../../history/recorded-build.ts';
import type { KeepableBuild } from '../../planning/kept-builds.ts';
import type { TheRecord } from '../record/open-record.ts';

/** The builds of a record, with what came of each recipe in them. */
export function keepableBuilds(record: TheRecord): readonly (RecordedBuild & KeepableBuild)[] {
  const outcomes = new Map<string, boolean>();
  return record.builds.map((build) => {
    const made = new Set<string>();
    const failed = new Set<string>();
    for (const recipe of record.recipes(build)) {
      const hasArtifact = outcomes.get(recipe.oid) ?? recipe.artifact() !== undefined;
      outcomes.set(recipe.oid, hasArtifact);
      (hasArtifact ? made : failed).add(`${recipe.arch}/${recipe.recipe}`);
    }
    return { ...build, made, failed };
  });
}
