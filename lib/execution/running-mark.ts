/** A task has the WORKDIR: said beside the history, so that whoever comes after a crash knows. */
import { dirname, join } from 'node:path';
import type { World } from '../ports/world.ts';
import type { Site } from './site.ts';

export interface RunningMark {
  readonly task: string;
  readonly signature: string;
  /** WORKDIR holds the directory of a task after do_install. */
  readonly swapped: boolean;
}

const markOf = (site: Site): string => join(site.history().gitDir, 'varve-running');
const asideOf = (site: Site): string => `${site.workdir}.chain`;

/** Marks the task as running: the `.git` link is away, so that no program finds the history. */
export function beginTask(world: World, site: Site, mark: RunningMark): void {
  world.fs.writeFileSync(markOf(site), JSON.stringify(mark));
  site.history().unlink();
  if (mark.swapped) swapIn(world, site);
}

/** The task has come to its end, one way or the other, and its result is in the record. */
export function endTask(world: World, site: Site): void {
  if (readMark(world, site)?.swapped) swapBack(world, site);
  site.history().link();
  removeMark(world, site);
}

/** The task that a crash cut off; undefined where none was. */
export function readMark(world: World, site: Site): RunningMark | undefined {
  if (!site.hasHistory()) return undefined;
  try {
    return JSON.parse(world.fs.readFileSync(markOf(site), 'utf8')) as RunningMark;
  } catch {
    return undefined;
  }
}

/** What the crash left is in the record, or was none of WORKDIR's. */
export function removeMark(world: World, site: Site): void {
  world.fs.rmSync(markOf(site), { force: true });
}

/** Puts the directory of the tasks after do_install where WORKDIR is; what the record leaves out goes along. */
function swapIn(world: World, site: Site): void {
  const { fs } = world;
  fs.mkdirSync(site.workdir, { recursive: true });
  fs.mkdirSync(site.afterDir, { recursive: true });
  fs.renameSync(site.workdir, asideOf(site));
  fs.renameSync(site.afterDir, site.workdir);
  moveExcluded(world, site, asideOf(site), site.workdir);
}

/** Puts WORKDIR back where it belongs. */
export function swapBack(world: World, site: Site): void {
  const { fs } = world;
  if (!fs.existsSync(asideOf(site))) return;
  moveExcluded(world, site, site.workdir, asideOf(site));
  if (fs.existsSync(site.workdir)) {
    fs.mkdirSync(dirname(site.afterDir), { recursive: true });
    fs.rmSync(site.afterDir, { recursive: true, force: true });
    fs.renameSync(site.workdir, site.afterDir);
  }
  fs.renameSync(asideOf(site), site.workdir);
}

function moveExcluded(world: World, site: Site, from: string, to: string): void {
  for (const path of site.scope.exclude) {
    if (!world.fs.existsSync(join(from, path))) continue;
    world.fs.rmSync(join(to, path), { recursive: true, force: true });
    world.fs.mkdirSync(dirname(join(to, path)), { recursive: true });
    world.fs.renameSync(join(from, path), join(to, path));
  }
}
