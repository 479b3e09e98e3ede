/** Puts a WORKDIR into the state that a task starts from; what was left there must have been kept. */
import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { DamagedRepository, ifWhole } from '../../history/damaged-repository.ts';
import { materialise } from '../../history/materialise.ts';
import { removed } from '../../history/scan-directory.ts';
import type { CommitId } from '../../terms/ids.ts';
import { workdirTreeOfArtifact } from '../../trees/artifact-tree.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import { handsOn } from '../hands/hands-on.ts';
import { removeTree } from './remove-tree.ts';
import type { Site } from './site.ts';
import { removeMark, writeMark } from './workdir-mark.ts';

/** Makes the WORKDIR exactly what it was after `base` (undefined: empty), for a task to run in it. */
export function enterWorkdir(world: World, site: Site, base: CommitId | undefined): readonly string[] {
  const stands = base !== undefined && site.head() === base && world.fs.existsSync(site.workdir);
  return stands ? [] : moveWorkdir(world, site, base);
}

/**
 * Makes the WORKDIR show a commit (undefined: nothing). A crash on the way leaves nobody's edit; where the commit cannot be
 * read, the WORKDIR shows again what it did before.
 */
export function moveWorkdir(world: World, site: Site, to: CommitId | undefined): readonly string[] {
  const from = site.head();
  writeMark(world, site, { kind: 'moving', to: to ?? null });
  try {
    const warnings = show(world, site, to);
    removeMark(world, site);
    return warnings;
  } catch (error) {
    if (error instanceof DamagedRepository && showIfWhole(world, site, from)) removeMark(world, site);
    throw error;
  }
}

/** Whether {@link show} could; where the commit cannot be read, the WORKDIR is half way to it. */
export function showIfWhole(world: World, site: Site, commit: CommitId | undefined): boolean {
  return ifWhole(() => show(world, site, commit)) !== undefined;
}

/** Makes the WORKDIR show a commit (undefined: nothing), for who wrote down that it is on its way. */
export function show(world: World, site: Site, commit: CommitId | undefined): readonly string[] {
  return commit === undefined
    ? emptyWorkdir(world, site)
    : site.history().checkout(commit, site.scope).warnings;
}

function emptyWorkdir(world: World, site: Site): readonly string[] {
  const lost = lostWithWorkdir(world, site);
  clearDirectory(world, site.workdir, site.scope.exclude);
  site.history().forgetWorkdir(site.scope);
  return lost;
}

/** Warnings of what is in the WORKDIR and no commit can hold, for whoever is about to remove it. */
export function lostWithWorkdir(world: World, site: Site): readonly string[] {
  return world.fs.existsSync(site.workdir) ? removed(site.history().unrecordable(site.scope)) : [];
}

/** Makes the directory of the tasks after do_install what it was after `base`: the artifact, or such a task. */
export function enterAfterDir(world: World, site: Site, base: CommitId): readonly string[] {
  const history = site.history();
  const { tree } = history.objects.readCommit(base);
  const isTask = history.readTask(base) !== undefined;
  if (isTask || site.scope.image === DEFAULT_IMAGE)
    return history.beside('after', site.afterDir).checkout(base, site.scope).warnings;
  const placed = workdirTreeOfArtifact(history.objects, tree, rawPath(site.scope.image));
  const { warnings, refused } = materialise(
    world.fs,
    { objects: history.objects, tree: placed },
    { dir: site.afterDir, options: { ...handsOn(world), ...site.scope } },
  );
  history.beside('after', site.afterDir).owners.takeFrom(placed, refused);
  return warnings;
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
    else removeTree(world, join(dir, name));
  }
}
