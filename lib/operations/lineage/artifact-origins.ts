/** Leads from a file in a sysroot, an image or an artifact to the do_install that made it. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import { splitTaskId, type CommitId, type ObjectId, type TaskId, type TreeId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { refs } from '../../terms/places.ts';
import { isArtifactOf } from '../../trees/artifact-tree.ts';
import { indexTree, type TreeIndex } from '../../trees/index-tree.ts';
import { below, DEFAULT_IMAGE, inside, lastName, readMetadata } from '../../trees/tree-metadata.ts';
import { findArtifact, findNewest, recipeIn, type Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import { stagedArtifacts } from '../record/staged-artifacts.ts';
import { fileAt } from './file-at.ts';
import { linesOf } from './lines-of.ts';
import type { Standpoint } from './origin.ts';
import type { Beyond, FileContent, Installed, Unpacked } from './trace-origins.ts';

/** It sorts what do_install left into packages, and takes debugging information out of programs. */
export const packageTask = 'do_package';

/** What looks beyond, and knows of which package a file is. */
export interface ArtifactOrigins extends Beyond {
  /**
   * The package that brought a file into an image, which may have changed it since; undefined where none did, or several may
   * have.
   */
  packageOf(at: Standpoint, file: FileContent): PackagedFile | undefined;
}

export interface PackagedFile {
  /** The package, as PACKAGES names it, and where its recipe stood. */
  readonly package: string;
  readonly standing: Standing;
  /** The file as a task of that recipe left it. */
  readonly left: Installed;
}

/** Makes what looks beyond the history of one recipe; artifacts are looked into once. */
export function artifactOrigins(record: TheRecord): ArtifactOrigins {
  const known = new Map<string, readonly Part[]>();
  const parts = (at: Standpoint): readonly Part[] => {
    const key = `${at.arch}/${at.recipe}@${at.build}`;
    const found = known.get(key) ?? partsOf(record, at);
    known.set(key, found);
    return found;
  };
  return {
    staged(at, file, task) {
      const found = parts(at).flatMap((part) => inPart(record, part, file));
      // Parts of one tree have nothing at the same place that differs, whatever is in those that are away.
      if (found.some(({ isInPlace }) => isInPlace === true)) return found;
      const away = parts(at).filter(({ index }) => index === undefined);
      const { recipe } = standingOf(record, at) ?? {};
      const had = task === undefined ? undefined : recipe?.inputs(task);
      const isOpen = away.some(({ id }) => had?.some(({ value }) => value.split(' ').includes(id)) ?? true);
      return isOpen ? [...found, { unknown: at.recipe }] : found;
    },
    unpacked(at, path) {
      const inputs = standingOf(record, at)?.recipe.inputs(installTask, 'variable');
      const isImage = inputs?.some(({ name }) => name === 'IMAGE_INSTALL') === true;
      return isImage ? parts(at).flatMap((part) => givenFor(record, part, path)) : [];
    },
    installed: (at, file) => {
      const found = standingOf(record, at);
      return found === undefined ? { unknown: at.recipe } : installedBy(record, found, file.path);
    },
    packageOf(at, file) {
      const there = parts(at).flatMap((part) => packagesWith(record, part, file.path));
      const same = there.filter(({ oid }) => oid === file.oid);
      const [only, ...others] = same.length > 0 ? same : there;
      return others.length === 0 ? only : undefined;
    },
  };
}

/** An artifact that a recipe was built with; without an index it is nowhere to be had. */
interface Part {
  readonly id: string;
  /** The packages of the recipe are meant: an index has `image/<package>/<path>`. */
  readonly isPackaged: boolean;
  readonly standing?: Standing;
  readonly index?: TreeIndex;
  readonly objects?: ObjectStore;
}

function partsOf(record: TheRecord, at: Standpoint): readonly Part[] {
  const standing = standingOf(record, at);
  if (standing === undefined) return [];
  const { recipe, build } = standing;
  const wanted = recipe
    .tasks()
    .flatMap(({ task }): readonly Wanted[] => [
      ...stagedArtifacts(recipe.inputs(task, 'artifact') ?? []),
      ...packagesIn(recipe.inputs(task, 'produced') ?? []),
    ]);
  // Packages in two forms are made of the same files.
  const artifacts = new Map(
    wanted.map((each) => [`${each.recipe} ${each.task === undefined ? each.id : 'packages'}`, each]),
  );
  return [...artifacts.values()].map((each) => partOf(record, each, build.n));
}

/** What a recipe was built with, by the task whose artifact its inputs name. */
interface Wanted {
  readonly recipe: string;
  /** Absent: do_install. */
  readonly task?: string;
  readonly id: string;
}

function partOf(record: TheRecord, wanted: Wanted, last: number): Part {
  const { id, task } = wanted;
  const isPackaged = task !== undefined;
  const found = findArtifact(record, wanted, last);
  const artifact = found?.recipe.artifact(isPackaged ? packageTask : installTask);
  if (found === undefined || artifact === undefined) return { id, isPackaged };
  try {
    const { objects, tree } = artifactTreeOf(record, found.recipe, artifact);
    return { id, isPackaged, standing: found, index: indexTree(objects, tree), objects };
  } catch (error) {
    if (!(error instanceof ArtifactAway)) throw error;
    return { id, isPackaged };
  }
}

/** The artifacts that an image unpacked packages of: do_package of the same build left what is in these. */
export function packagesIn(
  inputs: readonly Input[],
): readonly { readonly recipe: string; readonly task: string; readonly id: string }[] {
  return inputs
    .map(({ name, value }) => ({ ...splitTaskId(name as TaskId), id: value }))
    .filter(({ task }) => task === 'do_package_write_deb' || task === 'do_package_write_rpm');
}

/** The files of a part with this content: at the same place, else with the same name, else any. */
function inPart(record: TheRecord, part: Part, file: FileContent): readonly Installed[] {
  const { standing, index, isPackaged } = part;
  if (standing === undefined || index === undefined) return [];
  const paths = index.pathsOf(file.oid);
  const path =
    paths.find((each) => onTarget(part, each) === file.path) ??
    paths.find((each) => lastName(each) === lastName(file.path)) ??
    paths[0];
  if (path === undefined) return [];
  const left = leftBy(record, { standing, isPackaged }, { ...file, path });
  return [onTarget(part, path) === file.path ? { ...left, isInPlace: true } : left];
}

/** What a part has for a place of an image. */
function givenFor(record: TheRecord, part: Part, place: string): readonly Unpacked[] {
  const { standing, objects, isPackaged } = part;
  if (standing === undefined || objects === undefined) return [];
  return filesAt(part, place).map((file) => ({
    left: leftBy(record, { standing, isPackaged }, file),
    lines: linesOf(objects, file.oid),
  }));
}

/** The files of a part that are for a place of an image. */
function filesAt(part: Part, place: string): readonly FileContent[] {
  const { index } = part;
  const paths = index?.called(lastName(place)).filter((path) => onTarget(part, path) === place) ?? [];
  return paths.flatMap((path) => {
    const oid = index?.files.get(path);
    return oid === undefined ? [] : [{ oid, path }];
  });
}

/** A file of a part as a task of its recipe left it. */
function leftBy(
  record: TheRecord,
  { standing, isPackaged }: { readonly standing: Standing; readonly isPackaged: boolean },
  file: FileContent,
): Installed {
  return isPackaged ? packagedBy(record, standing, file) : installedBy(record, standing, file.path);
}

/** A path of a part's artifact as it is in that of do_install. */
function onTarget({ isPackaged }: Part, path: string): string {
  return isPackaged ? inside(DEFAULT_IMAGE, path.split('/').slice(2).join('/')) : path;
}

/** The packages of a part that have a file at a place of an image. */
function packagesWith(
  record: TheRecord,
  part: Part,
  place: string,
): readonly (PackagedFile & { readonly oid: ObjectId })[] {
  const { standing, isPackaged } = part;
  if (!isPackaged || standing === undefined) return [];
  return filesAt(part, place).map((file) => ({
    oid: file.oid,
    package: file.path.split('/')[1] ?? '',
    standing,
    left: packagedBy(record, standing, file),
  }));
}

/**
 * The file at a path of a recipe's packages as do_package left it; where that did not run here, as do_install did, if it is
 * the same there.
 */
function packagedBy(record: TheRecord, standing: Standing, file: FileContent): Installed {
  const found = stateBehind(record, standing, packageTask);
  if (found !== undefined) {
    // Where PKGDEST is, its tree tells: the rest of the path is the same.
    const { at, commit, tree } = found;
    const rest = `/${below(DEFAULT_IMAGE, file.path)}`;
    const [path] = indexTree(at.history.objects, tree)
      .pathsOf(file.oid)
      .filter((each) => each.endsWith(rest));
    if (path !== undefined) return { at, commit, path };
  }
  const installed = installedBy(record, standing, file.path.split('/').toSpliced(1, 1).join('/'));
  if ('unknown' in installed) return installed;
  const { objects } = installed.at.history;
  const { tree } = objects.readCommit(installed.commit);
  return fileAt(objects, tree, installed.path)?.oid === file.oid
    ? installed
    : { unknown: standing.recipe.recipe };
}

/** The file at a path of an artifact, or all of it at `''`, as the do_install of a recipe left it, if that ran here and left just this. */
export function installedBy(record: TheRecord, standing: Standing, path: string): Installed {
  const { recipe } = standing;
  const stamped = stateBehind(record, standing, installTask);
  if (stamped === undefined) return { unknown: recipe.recipe };
  const { at } = stamped;
  const { objects } = at.history;
  const placeIn = (tree: TreeId): string =>
    inside(readMetadata(objects, tree).image, below(DEFAULT_IMAGE, path));
  const artifact = recipe.artifact();
  const isMade = (tree: TreeId): boolean =>
    artifact === undefined ||
    !objects.has(artifact.tree) ||
    (path === ''
      ? isArtifactOf(objects, artifact.tree, tree)
      : fileAt(objects, artifact.tree, path)?.oid === fileAt(objects, tree, placeIn(tree))?.oid);
  if (isMade(stamped.tree)) return { at, commit: stamped.commit, path: placeIn(stamped.tree) };
  // It came out otherwise when it ran anew; the first result stands.
  const made = findNewest(record, recipe, ({ recipe: earlier }) => {
    const { commit, signature } = earlier.task(installTask) ?? {};
    const isSame = signature === artifact?.signature && commit !== undefined && objects.has(commit);
    return isSame && isMade(objects.readCommit(commit).tree);
  });
  const commit = made?.recipe.task(installTask)?.commit;
  if (commit === undefined) return { unknown: recipe.recipe };
  return { at, commit, path: placeIn(objects.readCommit(commit).tree) };
}

/** What the task whose artifact stands in a build left in its WORKDIR; undefined where it did not run here. */
function stateBehind(
  record: TheRecord,
  { recipe, build }: Standing,
  task: string,
): { readonly at: Standpoint; readonly commit: CommitId; readonly tree: TreeId } | undefined {
  const history = record.history(recipe.arch, recipe.recipe);
  const signature = recipe.artifact(task)?.signature;
  const commit = history?.refs.read(refs.stamp(task, signature ?? '')) as CommitId | undefined;
  if (history === undefined || commit === undefined || !history.objects.has(commit)) return undefined;
  const done = history.readTask(commit);
  if (done === undefined || done.signature !== signature) return undefined;
  return {
    at: { arch: recipe.arch, recipe: recipe.recipe, history, build: build.n },
    commit,
    tree: done.tree,
  };
}

/** Where a recipe stood in the build that is meant. */
function standingOf(record: TheRecord, at: Standpoint): Standing | undefined {
  const build = record.builds.find(({ n }) => n === at.build);
  const recipe = build && recipeIn(record, build, at);
  return build === undefined || recipe === undefined ? undefined : { build, recipe };
}
