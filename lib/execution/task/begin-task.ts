/** A task has the WORKDIR to itself: from its beginning to its end. */
import { dirname, join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { removeTree } from '../workdir/remove-tree.ts';
import type { Site } from '../workdir/site.ts';
import { readMark, removeMark, writeMark, type TaskMark } from '../workdir/workdir-mark.ts';

/** Marks the task as running: the `.git` link is away, so that no program finds the history. */
export function beginTask(world: World, site: Site, mark: Omit<TaskMark, 'kind'>): void {
  writeMark(world, site, { kind: 'task', ...mark });
  site.history().unlink();
  if (mark.swapped) swapIn(world, site);
}

/** The task has come to its end, one way or the other, and its result is in the record. */
export function endTask(world: World, site: Site): void {
  const mark = readMark(world, site);
  if (mark?.kind === 'task' && mark.swapped) swapBack(world, site);
  site.history().link();
  removeMark(world, site);
}

/** Puts the directory of the tasks after do_install where WORKDIR is; what the record leaves out goes along. */
function swapIn(world: World, site: Site): void {
  const { fs } = world;
  fs.mkdirSync(site.workdir, { recursive: true });
  fs.mkdirSync(site.afterDir, { recursive: true });
  fs.renameSync(site.workdir, site.asideDir);
  fs.renameSync(site.afterDir, site.workdir);
  moveExcluded(world, site, { from: site.asideDir, to: site.workdir });
}

/** Undoes what {@link swapIn} did, however much of it that was. */
export function swapBack(world: World, site: Site): void {
  const { fs } = world;
  if (!fs.existsSync(site.asideDir)) return;
  moveExcluded(world, site, { from: site.workdir, to: site.asideDir });
  if (fs.existsSync(site.workdir)) {
    fs.mkdirSync(dirname(site.afterDir), { recursive: true });
    removeTree(world, site.afterDir);
    fs.renameSync(site.workdir, site.afterDir);
  }
  fs.renameSync(site.asideDir, site.workdir);
}

function moveExcluded(
  world: World,
  site: Site,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  for (const path of site.scope.exclude) {
    if (!world.fs.existsSync(join(from, path))) continue;
    removeTree(world, join(to, path));
    world.fs.mkdirSync(dirname(join(to, path)), { recursive: true });
    world.fs.renameSync(join(from, path), join(to, path));
  }
}
