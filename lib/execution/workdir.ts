/** Puts a WORKDIR into the state that a task starts from, and loses nothing on the way. */
import { dirname, join } from 'node:path';
import type { World } from '../ports/world.ts';
import { materialise } from '../history/materialise.ts';
import type { CommitId } from '../terms/ids.ts';
import { workdirTreeOfArtifact } from '../trees/artifact-tree.ts';
import { rawPath } from '../trees/raw-text.ts';
import { DEFAULT_IMAGE } from '../trees/tree-metadata.ts';
import { saveEdits, type SavedEdits } from './save-edits.ts';
import type { Site } from './site.ts';

/** Kept in the history while a task has the WORKDIR: who finds it knows that the task did not come to its end. */
interface RunningMark {
  readonly task: string;
  readonly signature: string;
  /** WORKDIR holds the directory of a task after do_install. */
  readonly swapped: boolean;
}

/** What was found in a WORKDIR that nobody expected. */
export type Surprise =
  | { readonly kind: 'edits'; readonly saved: SavedEdits }
  /** A task was cut off by a crash; the WORKDIR as it left it. */
  | { readonly kind: 'cut-off'; readonly task: string; readonly signature: string };

const markOf = (site: Site): string => join(site.history().gitDir, 'varve-running');
const asideOf = (site: Site): string => `${site.workdir}.chain`;

/** Looks for what a crash or a person left in the WORKDIR. Edits are committed; what a crash left is for the caller. */
export function inspectWorkdir(world: World, site: Site): Surprise | undefined {
  const mark = readMark(world, site);
  if (mark !== undefined) {
    if (mark.swapped) swapBack(world, site);
    world.fs.rmSync(markOf(site), { force: true });
    return mark.swapped ? undefined : { kind: 'cut-off', task: mark.task, signature: mark.signature };
  }
  if (!world.fs.existsSync(site.workdir)) return undefined;
  const saved = saveEdits(site);
  return saved === undefined ? undefined : { kind: 'edits', saved };
}

/** Makes the WORKDIR exactly what it was after `base` (undefined: empty), for a task to run in it. */
export function enterWorkdir(world: World, site: Site, base: CommitId | undefined): readonly string[] {
  const history = site.history();
  if (base === undefined) {
    clearDirectory(world, site.workdir, site.scope.exclude);
    return [];
  }
  const stands = history.refs.head() === base && world.fs.existsSync(site.workdir);
  return stands ? [] : history.checkout(base, site.scope).warnings;
}

/** Makes the directory of the tasks after do_install what it was after `base`: the artifact, or such a task. */
export function enterAfterDir(world: World, site: Site, base: CommitId): readonly string[] {
  const history = site.history();
  const { tree } = history.objects.readCommit(base);
  const isTask = history.readTask(base) !== undefined;
  if (isTask || site.scope.image === DEFAULT_IMAGE)
    return history.beside('after', site.afterDir).checkout(base, site.scope).warnings;
  const placed = workdirTreeOfArtifact(history.objects, tree, rawPath(site.scope.image));
  return materialise(
    world.fs,
    { objects: history.objects, tree: placed },
    { dir: site.afterDir, options: site.scope },
  ).warnings;
}

/** Empties a directory but for what the record leaves out. */
function clearDirectory(world: World, dir: string, keep: readonly string[]): void {
  if (!world.fs.existsSync(dir)) return;
  for (const name of world.fs.readdirSync(dir)) {
    const below = keep
      .filter((path) => path.startsWith(`${name}/`))
      .map((path) => path.slice(name.length + 1));
    if (keep.includes(name)) continue;
    if (below.length > 0) clearDirectory(world, join(dir, name), below);
    else world.fs.rmSync(join(dir, name), { recursive: true, force: true });
  }
}

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
  world.fs.rmSync(markOf(site), { force: true });
}

function readMark(world: World, site: Site): RunningMark | undefined {
  if (!site.hasHistory()) return undefined;
  try {
    return JSON.parse(world.fs.readFileSync(markOf(site), 'utf8')) as RunningMark;
  } catch {
    return undefined;
  }
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

function swapBack(world: World, site: Site): void {
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
