/** What varve itself needs of a task's directories, WORKDIR and T, whatever the task made of them. */
import { dirname, join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { isBelow } from '../../terms/is-below.ts';
import type { Site } from '../workdir/site.ts';

type OwnDirectories = Pick<LoadedRecipe['dirs'], 'workdir' | 't'>;

/** Makes them where they are not. A link in their place is removed: varve writes outside the walls of a task. */
export function makeOwnDirectories(world: World, { workdir, t }: OwnDirectories): void {
  for (const dir of [workdir, ...wayTo(t, workdir)]) makeDirectory(world, dir);
}

/** Writes a file of varve's own into T. What a task put in its place, perhaps a link to elsewhere, is removed first. */
export function writeOwnFile(world: World, path: string, text: string | Buffer): void {
  world.fs.rmSync(path, { recursive: true, force: true });
  world.fs.writeFileSync(path, text, { flag: 'wx' });
}

/** Makes T a directory of the WORKDIR again, and removes the log unless it is a file that has no other name. */
export function mendLogPlace(world: World, { workdir, t }: OwnDirectories, log: string): void {
  for (const dir of wayTo(t, workdir)) makeDirectory(world, dir);
  const stat = world.fs.lstatSync(log, { throwIfNoEntry: false });
  const isOwn = stat?.isFile() === true && stat.nlink === 1;
  if (stat !== undefined && !isOwn) world.fs.rmSync(log, { recursive: true });
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
  for (const dir of wayTo(t, workdir)) makeDirectory(world, dir);
  if (replaced)
    return {
      message: `${task} put something else in the place of its WORKDIR, which is empty now`,
      hints: [],
    };
  const git = join(workdir, '.git');
  // Our own link is not there while a task runs.
  if (world.fs.lstatSync(git, { throwIfNoEntry: false }) === undefined) return undefined;
  world.fs.renameSync(git, join(workdir, `.git-of-${task}`));
  return {
    message: `${task} made ${git}, where the link to the history of this WORKDIR belongs; it is .git-of-${task} now`,
    hints: ['Unpack or create the repository in a subdirectory, such as destsuffix=git in SRC_URI'],
  };
}

/** The directories from WORKDIR, which is left out, down to T. */
function wayTo(t: string, workdir: string): readonly string[] {
  return isBelow(t, workdir) ? [...wayTo(dirname(t), workdir), t] : [];
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
