/** On a full disk WORKDIRs make way: what is in them is recorded, and builds make again what they need of them. */
import { createSite, type Site } from '../../execution/workdir/site.ts';
import { removeWorkdir, whatHolds } from '../../execution/workdir/resting-workdir.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { diskUse } from './disk-use.ts';
import type { StatedHistory } from './history-reach.ts';

export interface GivenUpWorkdirs {
  readonly removed: readonly {
    readonly recipe: string;
    readonly path: string;
    /** Bytes on the disk. */
    readonly size: number;
    /** What of it was not recorded: a warning each. */
    readonly lost: readonly string[];
  }[];
  /** Bytes. */
  readonly freed: number;
  /** Those that something holds, the largest first. */
  readonly held: readonly {
    readonly recipe: string;
    readonly path: string;
    /** Bytes on the disk. */
    readonly size: number;
    /** `do_compile did not come to its end in it` */
    readonly by: string;
  }[];
}

interface Place {
  readonly metadata: Metadata;
  readonly histories: readonly StatedHistory[];
  readonly dryRun: boolean;
}

/**
 * Removes all WORKDIRs that are at rest; undefined where the disk is not full. It is where less is free than the largest of
 * them takes: a build may have to record as much, or to lay it out again, and whoever ran out of room left no more than that.
 */
export function giveUpWorkdirs(world: World, place: Place): GivenUpWorkdirs | undefined {
  const sizes = place.histories.flatMap(({ history }) => {
    const dir = history.recordedWorkdir();
    return dir === undefined ? [] : [diskUse(world.fs, dir)];
  });
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const { places } = place.metadata;
  if (world.diskSpace(places.tmpDir).bytes >= largest) return undefined;
  const found = place.histories.flatMap((history) => {
    const site = siteOf(world, place.metadata, history.place);
    if (site === undefined || site.isElsewhere() || !world.fs.existsSync(site.workdir)) return [];
    const { recipe, workdir: path } = site;
    return [{ site, recipe: recipe.name, path, size: diskUse(world.fs, path), by: whatHolds(world, site) }];
  });
  const held = found.flatMap(({ recipe, path, size, by }) =>
    by === undefined ? [] : [{ recipe, path, size, by }],
  );
  const removed = found
    .filter(({ by }) => by === undefined)
    .map(({ site, recipe, path, size }) => {
      const lost = place.dryRun ? [] : removeWorkdir(world, places, site);
      return { recipe, path, size, lost };
    });
  return {
    removed,
    freed: removed.reduce((sum, { size }) => sum + size, 0),
    held: held.toSorted((a, b) => b.size - a.size),
  };
}

/** Undefined where the layers no longer have such a recipe: what of its WORKDIR is recorded is then not known. */
function siteOf(world: World, metadata: Metadata, place: StatedHistory['place']): Site | undefined {
  try {
    const site = createSite(world, metadata.places, metadata.recipe(place.recipe));
    return site.gitDir === place.gitDir ? site : undefined;
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}
