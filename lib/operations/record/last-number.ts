import { damagedRepository } from '../../history/damaged-repository.ts';
import { listObjectFiles } from '../../history/list-object-files.ts';
import { openRefs } from '../../history/refs.ts';
import type { World } from '../../ports/world.ts';
import { buildsRepository, refs, type Places } from '../../terms/places.ts';
import { listHistories } from './list-histories.ts';

/**
 * The number of the newest build that there was, 0 before the first; `recorded` are those that builds.git names, oldest
 * first. Where it names none, histories are asked: numbers go on after it was put away. It is an error where it has lost
 * its names only: with the next build, or gc, all that it has would be lost.
 */
export function lastNumber(world: Pick<World, 'fs'>, places: Places, recorded: readonly number[]): number {
  const newest = recorded.at(-1);
  if (newest !== undefined) return newest;
  const told = Math.max(
    0,
    ...listHistories(world, places).map(({ gitDir }) =>
      newestIn(openRefs(world.fs, gitDir).list(PREFIX).keys()),
    ),
  );
  // A first build that was killed may have named what it left before it was recorded itself.
  if (told <= 1) return 0;
  const gitDir = buildsRepository(places);
  const { loose, packs } = listObjectFiles(world.fs, gitDir);
  if (loose.length + packs.length === 0) return told;
  throw damagedRepository(gitDir, `it names no build, and histories tell of build ${told}`);
}

const PREFIX = refs.build(0).slice(0, -1);

/** The newest build that names of a history tell of; 0 where they tell of none. */
export function newestIn(names: Iterable<string>): number {
  return Math.max(
    0,
    ...[...names].map((name) => (name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : 0)),
  );
}
