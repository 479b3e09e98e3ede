/** The directories of a task that varve itself needs: WORKDIR and T, whatever the task made of them. */
import { join } from 'node:path';
import { isLink } from '../history/link-file.ts';
import type { World } from '../ports/world.ts';
import type { Site } from './site.ts';

/** Makes them where they are not. */
export function makeOwnDirectories(world: World, site: Site): void {
  const { workdir, t } = site.recipe.dirs;
  for (const dir of [workdir, t]) makeDirectory(world, dir);
}

/** What a task must not have done, as the end of a sentence about it. */
export interface Spoilt {
  readonly message: string;
  readonly hints: readonly string[];
}

/** Puts them right after a task; answers what makes its result none. */
export function mendOwnDirectories(world: World, site: Site, task: string): Spoilt | undefined {
  const { workdir, t } = site.recipe.dirs;
  const replaced = makeDirectory(world, workdir) === 'replaced';
  makeDirectory(world, t);
  if (replaced)
    return {
      message: `${task} put something else in the place of its WORKDIR, which is empty now`,
      hints: [],
    };
  const git = join(workdir, '.git');
  if (world.fs.lstatSync(git, { throwIfNoEntry: false }) === undefined || isLink(world.fs, workdir))
    return undefined;
  world.fs.renameSync(git, join(workdir, `.git-of-${task}`));
  return {
    message: `${task} made ${git}, where the link to the history of this WORKDIR belongs; it is .git-of-${task} now`,
    hints: ['Unpack or create the repository in a subdirectory, such as destsuffix=git in SRC_URI'],
  };
}

/** A link is removed, never followed: what it leads to is not the task's. */
function makeDirectory(world: World, dir: string): 'replaced' | undefined {
  const { fs } = world;
  const stat = fs.lstatSync(dir, { throwIfNoEntry: false });
  const replaced = stat !== undefined && !stat.isDirectory();
  if (replaced) fs.unlinkSync(dir);
  if (stat === undefined || replaced) fs.mkdirSync(dir, { recursive: true });
  else if ((stat.mode & 0o700) !== 0o700) fs.chmodSync(dir, (stat.mode & 0o7777) | 0o700);
  return replaced ? 'replaced' : undefined;
}
