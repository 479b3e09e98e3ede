/** Where a file of an artifact went: into sysroots, and with them into other artifacts, images above all. */
import type { ObjectStore } from '../../ports/objects.ts';
import { stagingRule } from '../../sysroot/staging-rule.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import type { TreeId } from '../../terms/ids.ts';
import { indexTree } from '../../trees/index-tree.ts';
import { below, DEFAULT_IMAGE, inside, isWithin } from '../../trees/tree-metadata.ts';
import type { Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { RecordedTask } from '../../execution/results/recorded-task.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { installedBy, packagesIn, packageTask } from './artifact-origins.ts';
import { findInPackages, onTarget } from './copies-in-packages.ts';
import type { FileCounts } from './count-files.ts';
import { fileAt, isSameContent, isTellingCopy, type Place } from './file-at.ts';
import { artifactRow, type LogRow, rowsOf } from './log-row.ts';
import { stagingOf, type SysrootUser, sysrootUsers } from './sysroot-users.ts';
import { type Chain, imageDir } from './task-chain.ts';

/** An artifact with the content of the file, and where in it that is; paths as on the target. */
interface Holder {
  readonly recipe: string;
  readonly id: string;
  readonly places: readonly Place[];
}

/** Lists what the recipes of the same build did with the file; `paths` are those in the WORKDIR of its own. */
export function followOnward(record: TheRecord, chain: Chain, paths: readonly string[]): readonly LogRow[] {
  const { build, recipe, history } = chain;
  const artifact = recipe.artifact();
  if (artifact === undefined || !history.objects.has(artifact.tree)) return [];
  const image = imageDir(chain);
  const places = paths
    .filter((path) => isWithin(image, path))
    .flatMap((path) => fileOf(history.objects, artifact.tree, below(image, path)) ?? []);
  const holders: Holder[] = [{ recipe: recipe.recipe, id: artifact.id, places }];
  const staged = sysrootUsers(record, build).flatMap((user) => {
    const staged = holders.flatMap((holder) => stagedFrom(user, holder) ?? []);
    if (staged.length === 0) return [];
    const found = staged.flatMap((each) => each.places);
    const copies = copiesIn(record, user.recipe, found);
    const { recipe: name } = user.recipe;
    const made = user.recipe.artifact();
    if (made !== undefined && copies.length > 0) holders.push({ recipe: name, id: made.id, places: copies });
    return rowsOfUser(record, { build, recipe: user.recipe }, { staged, copies });
  });
  return [...staged, ...imagesWith(record, build, holders)];
}

/** What images did with the files that are made of packages. */
function imagesWith(record: TheRecord, build: RecordedBuild, holders: readonly Holder[]): readonly LogRow[] {
  return record.recipes(build).flatMap((recipe) => {
    const packages = packagesIn(recipe.inputs(installTask, 'produced') ?? []);
    const places = packages.flatMap((wanted) => {
      const [of] = record
        .recipes(build, { recipe: wanted.recipe })
        .filter((each) => each.artifact(wanted.task)?.id === wanted.id);
      const holder = holders.find((each) => each.recipe === wanted.recipe);
      return of === undefined || holder === undefined ? [] : packagedPlaces(record, of, holder.places);
    });
    const copies = places.length === 0 ? [] : copiesIn(record, recipe, places);
    if (copies.length === 0) return [];
    return rowsOfUser(record, { build, recipe }, { staged: [], copies });
  });
}

/** Files as do_package left them, at the paths that they have on the target. */
function packagedPlaces(
  record: TheRecord,
  recipe: RecordedRecipe,
  places: readonly Place[],
): readonly Place[] {
  const artifact = recipe.artifact(packageTask);
  if (artifact === undefined) return [];
  try {
    const { objects, tree } = artifactTreeOf(record, recipe, artifact);
    const paths = places.map(({ path }) => path);
    return findInPackages(objects, { tree, dir: DEFAULT_IMAGE }, paths).map((found) => ({
      ...found,
      path: onTarget(found.path),
    }));
  } catch (error) {
    if (!(error instanceof ArtifactAway)) throw error;
    return [];
  }
}

interface Staged {
  readonly task: RecordedTask;
  readonly places: readonly Place[];
}

function stagedFrom(user: SysrootUser, holder: Holder): Staged | undefined {
  const staging = stagingOf(user, holder);
  if (staging === undefined) return undefined;
  const isInSysroot = stagingRule(staging.artifact.dirs);
  const places = holder.places.filter(({ path }) => isInSysroot(path, 'file'));
  return places.length === 0 ? undefined : { task: staging.task, places };
}

/** Files of an artifact that are copies: at the same place, else the only one with that content. */
function copiesIn(record: TheRecord, recipe: RecordedRecipe, of: readonly Place[]): readonly Place[] {
  const artifact = recipe.artifact();
  if (artifact === undefined) return [];
  try {
    const { objects, tree } = artifactTreeOf(record, recipe, artifact);
    const index = indexTree(objects, tree);
    return of.flatMap((place) => {
      const same = fileOf(objects, tree, place.path);
      if (same !== undefined && isSameContent(same, place)) return [same];
      const [only, ...others] = place.isLink ? [] : index.pathsOf(place.oid);
      if (only === undefined || others.length > 0) return [];
      const copy = { ...place, path: below(DEFAULT_IMAGE, only) };
      return isTellingCopy(objects, copy, place.path) ? [copy] : [];
    });
  } catch (error) {
    if (!(error instanceof ArtifactAway)) throw error;
    return [];
  }
}

function fileOf(objects: ObjectStore, artifact: TreeId, path: string): Place | undefined {
  const found = fileAt(objects, artifact, inside(DEFAULT_IMAGE, path));
  return found && { ...found, path };
}

const NONE: FileCounts = { added: 0, modified: 0, deleted: 0 };

function rowsOfUser(
  record: TheRecord,
  standing: Standing,
  { staged, copies }: { readonly staged: readonly Staged[]; readonly copies: readonly Place[] },
): readonly LogRow[] {
  const { arch, recipe } = standing.recipe;
  const history = record.history(arch, recipe);
  const rowOf = history && rowsOf(record, standing.recipe, history);
  const tasks = [...new Set(staged.map(({ task }) => task.commit))];
  const stagings = tasks.flatMap((commit): readonly LogRow[] => {
    if (commit === undefined || history?.objects.has(commit) !== true || rowOf === undefined) return [];
    const places = staged.filter(({ task }) => task.commit === commit).flatMap((each) => each.places);
    return [{ recipe, ...rowOf(commit), files: NONE, staged: places.map(({ path }) => path) }];
  });
  if (copies.length === 0) return stagings;
  const made = installedBy(record, standing, '');
  const row = 'unknown' in made || rowOf === undefined ? artifactRow(record, standing) : rowOf(made.commit);
  const paths = [...new Set(copies.map(({ path }) => inside(DEFAULT_IMAGE, path)))];
  return [...stagings, { recipe, ...row, files: { ...NONE, added: paths.length }, copies: paths }];
}
