/** Leads from a file in a sysroot, an image or an artifact to the do_install that made it. */
import { installTask } from '../../graph/arrange-tasks.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import { splitTaskId, type CommitId, type ObjectId, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { refs } from '../../terms/places.ts';
import { indexTree, type TreeIndex } from '../../trees/index-tree.ts';
import { below, DEFAULT_IMAGE, inside, lastName, readMetadata } from '../../trees/tree-metadata.ts';
import { findArtifact, recipeIn, type Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import { stagedArtifacts } from '../record/staged-artifacts.ts';
import type { Beyond, Installed, Standpoint } from './trace-origins.ts';

/** Makes what looks beyond the history of one recipe; artifacts are looked into once. */
export function artifactOrigins(record: TheRecord): Beyond {
  const parts = new Map<string, readonly Part[]>();
  return {
    staged(at, file) {
      const key = `${at.arch}/${at.recipe}@${at.build}`;
      const known = parts.get(key) ?? partsOf(record, at);
      parts.set(key, known);
      return known.flatMap((part) => inPart(record, part, file));
    },
    installed: (at, file) => {
      const found = standingOf(record, at);
      return found === undefined ? { unknown: at.recipe } : installedBy(record, found, file.path);
    },
  };
}

/** An artifact that a recipe was built with; without an index it is nowhere to be had. */
interface Part {
  readonly recipe: string;
  readonly standing?: Standing;
  readonly index?: TreeIndex;
}

function partsOf(record: TheRecord, at: Standpoint): readonly Part[] {
  const standing = standingOf(record, at);
  if (standing === undefined) return [];
  const { recipe, build } = standing;
  const staged = recipe
    .tasks()
    .flatMap(({ task }) => [
      ...stagedArtifacts(recipe.inputs(task, 'artifact') ?? []),
      ...packagesIn(recipe.inputs(task, 'produced') ?? []),
    ]);
  const artifacts = new Map(staged.map((each) => [`${each.recipe} ${each.id}`, each]));
  return [...artifacts.values()].map((wanted) => {
    const { recipe: name } = wanted;
    const found = findArtifact(record, wanted, build.n);
    const artifact = found?.recipe.artifact();
    if (found === undefined || artifact === undefined) return { recipe: name };
    try {
      const { objects, tree } = artifactTreeOf(record, found.recipe, artifact);
      return { recipe: name, standing: found, index: indexTree(objects, tree) };
    } catch (error) {
      if (!(error instanceof ArtifactAway)) throw error;
      return { recipe: name };
    }
  });
}

/** The artifacts that an image unpacked packages of: what is in these, do_install of the same build left. */
function packagesIn(
  inputs: readonly Input[],
): readonly { readonly recipe: string; readonly task: string; readonly id: string }[] {
  return inputs
    .map(({ name, value }) => ({ ...splitTaskId(name as TaskId), id: value }))
    .filter(({ task }) => task === 'do_package_write_deb' || task === 'do_package_write_rpm');
}

/** The files of a part with this content: at the same place, else with the same name, else any. */
function inPart(
  record: TheRecord,
  { recipe, standing, index }: Part,
  file: { readonly oid: ObjectId; readonly path: string },
): readonly Installed[] {
  if (standing === undefined || index === undefined) return [{ unknown: recipe }];
  const paths = index.pathsOf(file.oid);
  const path =
    paths.find((each) => each === file.path) ??
    paths.find((each) => lastName(each) === lastName(file.path)) ??
    paths[0];
  return path === undefined ? [] : [installedBy(record, standing, path)];
}

/** The file at a path of an artifact as the do_install of a recipe left it, if that ran here. */
export function installedBy(record: TheRecord, { recipe, build }: Standing, path: string): Installed {
  const history = record.history(recipe.arch, recipe.recipe);
  const signature = recipe.artifact()?.signature;
  const commit = history?.refs.read(refs.stamp(installTask, signature ?? '')) as CommitId | undefined;
  if (history === undefined || commit === undefined || !history.objects.has(commit))
    return { unknown: recipe.recipe };
  const done = history.readTask(commit);
  if (done === undefined || done.signature !== signature) return { unknown: recipe.recipe };
  const { image } = readMetadata(history.objects, done.tree);
  const at: Standpoint = { arch: recipe.arch, recipe: recipe.recipe, history, build: build.n };
  return { at, commit, path: inside(image, below(DEFAULT_IMAGE, path)) };
}

/** Where a recipe stood in the build that is meant. */
function standingOf(record: TheRecord, at: Standpoint): Standing | undefined {
  const build = record.builds.find(({ n }) => n === at.build);
  const recipe = build && recipeIn(record, build, at);
  return build === undefined || recipe === undefined ? undefined : { build, recipe };
}
