/** The record of a build directory, opened for questions: nothing is made or changed by asking. */
import { join } from 'node:path';
import { openStore, type ArtifactStore } from '../../artifacts/store.ts';
import { holdLease } from '../../execution/holding/hold-lease.ts';
import { repairAfterPowerCut } from '../../execution/holding/keep-synced.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { openBuilds, type Builds } from '../../history/builds.ts';
import { damagedRepository } from '../../history/damaged-repository.ts';
import { openHistory, type History } from '../../history/history.ts';
import { openStandings, type RecipeDirectory, type Standings } from '../../history/standings.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { World } from '../../ports/world.ts';
import { byKey } from '../../terms/by-key.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { buildsRepository, historyOf, type Places } from '../../terms/places.ts';
import type { RecipeName } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findPlaces } from './find-places.ts';
import { buildInImport, isImport } from './imports.ts';
import { meantArch } from './meant-arch.ts';
import { recipeDirectories, recordedRecipe, type RecordedRecipe } from './recorded-recipe.ts';

export interface TheRecord {
  readonly world: World;
  readonly places: Places;
  /** The name of the import that it is; absent for one's own. */
  readonly imported?: string;
  /** Oldest first. */
  readonly builds: readonly RecordedBuild[];
  /** Finds a build by `12`, `-1`, `ok` or a name, with or without `@`. */
  build(spoken: string): RecordedBuild;
  /** Where recipes stood in a build, those included that it did not touch; or those of one name. */
  recipes(build: RecordedBuild, wanted?: RecipeName): readonly RecordedRecipe[];
  /** When a build ended, milliseconds since the epoch: for who asks of many, since few of them are read for it. */
  timeOf(build: RecordedBuild): number;
  /** The history of a recipe, where there is one. */
  history(arch: string, recipe: string): History | undefined;
  /** The history of a recipe, made where there is none: for artifacts that only the store has. */
  makeHistory(arch: string, recipe: string): History;
  /** The history that a name as typed means, whatever build it was in. */
  historyNamed(name: RecipeName): { readonly arch: string; readonly history: History } | undefined;
  store(): ArtifactStore;
  /** Warnings of what was asked for and cannot be read: a sentence for each history. */
  unread(): readonly string[];
  /** Says that nothing more is read. */
  release(): void;
}

/** A build, and the record that it is of. */
export interface BuildOf {
  readonly record: TheRecord;
  readonly build: RecordedBuild;
}

/** Opens the record; until the program ends, or `release` is called, gc and clean leave all that it leads to. */
export function openRecord(world: World, buildDir: string): TheRecord {
  const places = findPlaces(world, buildDir);
  const release = enterRecord(world, places);
  return recordAt(world, places, { release });
}

type Wanted = readonly [build: RecordedBuild, wanted?: RecipeName | undefined];

/** Opens the record at these places: one's own, or that of an import. */
export function recordAt(
  world: World,
  places: Places,
  { imported, release = () => {} }: Partial<Pick<TheRecord, 'imported' | 'release'>> = {},
): TheRecord {
  const gitDir = buildsRepository(places);
  const found = existingBuilds(world, gitDir);
  const builds = memo(() => found?.all() ?? []);
  const standings = openStandings(world.fs, gitDir);
  const recipes = found === undefined ? () => [] : recipeFinder(found.objects, standings);
  const histories = new Map<string, History>();
  const open = historyOpener(world, places, histories);
  const there = new Set<string>();
  const isThere = (arch: string, recipe: string): boolean => {
    const gitDir = historyOf(places, arch, recipe);
    if (!there.has(gitDir) && isRepository(world, gitDir)) there.add(gitDir);
    return there.has(gitDir);
  };
  const store = memo(() => openStore({ fs: world.fs, dir: places.artifactDir }));
  return {
    world,
    places,
    ...(imported !== undefined && { imported }),
    get builds() {
      return builds();
    },
    build: (spoken) => {
      try {
        return findBuild(found, builds(), spoken);
      } catch (error) {
        throw (
          (imported === undefined
            ? importInsteadOfBuild(world, places, spoken)
            : noBuild(imported, builds(), spoken)) ?? error
        );
      }
    },
    recipes,
    timeOf: (build) => standings.timeOf(build.commit) ?? build.time,
    history: (arch, recipe) => (isThere(arch, recipe) ? open(arch, recipe) : undefined),
    makeHistory: open,
    historyNamed: (name) => {
      const archs = archsOf(world, places).filter(
        (each) => (name.arch ?? each) === each && isThere(each, name.recipe),
      );
      const newest = archs.length > 1 ? builds().at(-1) : undefined;
      const arch = (newest && meantArch(newest, archs)) ?? archs[0];
      return arch === undefined ? undefined : { arch, history: open(arch, name.recipe) };
    },
    store,
    unread: () => [...histories.values()].flatMap(({ runs }) => runs.unread()),
    release,
  };
}

/** Makes the function that finds recipes in builds; a state in which a recipe stood is read once. */
function recipeFinder(objects: ObjectStore, standings: Standings): TheRecord['recipes'] {
  const state = byKey(
    (directory: RecipeDirectory) => recordedRecipe(objects, directory),
    ({ arch, recipe, oid }) => `${arch}/${recipe} ${oid}`,
  );
  const find = byKey(
    ([build, wanted]: Wanted) => {
      const listed = wanted === undefined ? undefined : standings.find(build.commit, wanted);
      return (listed ?? recipeDirectories(objects, build.tree, wanted)).map(state);
    },
    ([{ n }, { arch, recipe } = {}]) => `${n} ${arch ?? ''} ${recipe ?? ''}`,
  );
  return (build, wanted) => find([build, wanted]);
}

/**
 * To be called before the record is read: takes a lease on it, and mends what a power cut left, where it can; else what
 * is whole is answered.
 */
export function enterRecord(world: World, places: Places): () => void {
  const release = holdLease(world, buildsRepository(places));
  try {
    repairAfterPowerCut(world, places);
  } catch (error) {
    const isTold = error instanceof VarveError || (error instanceof Error && 'code' in error);
    if (!isTold) throw error;
  }
  return release;
}

/** Opens each history once. */
function historyOpener(
  world: World,
  places: Places,
  histories: Map<string, History>,
): (arch: string, recipe: string) => History {
  return (arch, recipe) => {
    const gitDir = historyOf(places, arch, recipe);
    const workdir = join(places.tmpDir, 'work', arch, recipe);
    const history =
      histories.get(gitDir) ?? openHistory({ fs: world.fs, gitDir, workdir, now: () => world.now() });
    histories.set(gitDir, history);
    return history;
  };
}

/** One that has lost its HEAD is none for git: to answer that there is nothing would be wrong. */
function isRepository({ fs }: World, gitDir: string): boolean {
  if (fs.existsSync(join(gitDir, 'HEAD'))) return true;
  if (fs.existsSync(join(gitDir, 'packed-refs'))) throw damagedRepository(gitDir, 'HEAD is missing');
  return false;
}

function existingBuilds(world: World, gitDir: string): Builds | undefined {
  return isRepository(world, gitDir) ? openBuilds({ fs: world.fs, gitDir }) : undefined;
}

function findBuild(builds: Builds | undefined, all: readonly RecordedBuild[], spoken: string): RecordedBuild {
  const n = builds?.resolve(spoken);
  const build = all.find((each) => each.n === n);
  if (build !== undefined) return build;
  throw new VarveError('usage', 'nothing was built here yet', { hints: ['varve build RECIPE'] });
}

/** The name of an import alone names no build. */
function importInsteadOfBuild(world: World, places: Places, spoken: string): VarveError | undefined {
  const name = spoken.replace(/^@/, '');
  if (!isImport(world, places, name)) return undefined;
  const build = buildInImport(world, places, name);
  return new VarveError('usage', `'${name}' is an import; a build in it is meant here`, {
    hints: [
      `${build} is a build of it, RECIPE${build} and RECIPE${build}:TASK are what stands in that`,
      `RECIPE@${name}:TASK@failed   the newest failure`,
    ],
  });
}

/** The number of a build that was not exported. */
function noBuild(imported: string, builds: readonly RecordedBuild[], spoken: string): VarveError | undefined {
  const number = spoken.replace(/^@/, '');
  if (!/^\d+$/.test(number)) return undefined;
  return new VarveError('usage', `build ${number} is not in what was imported as ${imported}`, {
    hints: [`there are: ${builds.map(({ n }) => `@${imported}@${n}`).join(', ')}`],
  });
}

/** PACKAGE_ARCHs that have histories. */
function archsOf(world: World, places: Places): readonly string[] {
  if (!world.fs.existsSync(places.historyDir)) return [];
  const names = world.fs.readdirSync(places.historyDir).map(String);
  return names.filter((name) => !name.endsWith('.git')).sort(byCodeUnit);
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
