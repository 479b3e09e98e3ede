/** Removes what recipes left on disk, and says what stays. */
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/store.ts';
import { indexFeedsAgain } from '../execution/deploying/deploy-results.ts';
import { readEditing } from '../execution/edits/editing.ts';
import { findLeft, keptEdits } from '../execution/workdir/find-left.ts';
import { whenEnded } from '../execution/holding/as-typed.ts';
import { whileNobodyReads } from '../execution/holding/hold-lease.ts';
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import { keepLeft, type KeptLeft } from '../execution/workdir/keep-left.ts';
import { refuseInUse } from '../execution/workdir/refuse-in-use.ts';
import { removeAtOnce } from '../execution/workdir/remove-tree.ts';
import { settleWorkdir } from '../execution/workdir/settle-workdir.ts';
import { createSite, type Site } from '../execution/workdir/site.ts';
import { lostWithWorkdir } from '../execution/workdir/workdir.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import { openStore } from '../artifacts/store.ts';
import type { World } from '../ports/world.ts';
import { withdrawShared } from '../sysroot/withdraw-shared.ts';
import { historyOf, type Places, sharedPlaces, sysrootManifest } from '../terms/places.ts';
import { taskId, type TaskId } from '../terms/ids.ts';
import { isDiskFull } from '../terms/is-disk-full.ts';
import { VarveError } from '../terms/varve-error.ts';
import { downloadsOf } from './housekeeping/downloads-of.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface CleanRequest {
  readonly buildDir: string;
  readonly recipes: readonly string[];
  readonly artifacts: boolean;
  readonly history: boolean;
  readonly downloads: boolean;
}

/** What became of one recipe. */
export interface Cleaned {
  readonly recipe: string;
  /** Paths that are gone. */
  readonly removed: readonly string[];
  readonly removedArtifacts: number;
  /** Files that were taken out of DEPLOY_DIR and PKGDATA_DIR, by directory; none where there were none. */
  readonly withdrawn: readonly { readonly dir: string; readonly files: number }[];
  /** What stays, and where. */
  readonly kept: readonly {
    readonly what: 'history' | 'artifacts' | 'downloads';
    readonly path: string;
    readonly count?: number;
  }[];
  /** Edits that were found in the WORKDIR and put into the record first, as a REV. */
  readonly edits?: string;
  /** The task that ran there when they may have been typed, and did not come to its end. */
  readonly unfinished?: TaskId;
  /** Builds go on with edits, which the history keeps. */
  readonly editing?: true;
}

/** Cleans recipes; nothing is removed where one of them is unknown. */
export async function cleanRecipes(
  world: World,
  request: CleanRequest,
  say: Say,
): Promise<readonly Cleaned[]> {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const recipes = request.recipes.map((name) => metadata.recipe(name));
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve clean ${request.recipes.join(' ')}`,
    wait: true,
    say,
  });
  try {
    const store = openStore({ fs: world.fs, dir: metadata.places.artifactDir });
    const sites = recipes.map((recipe) => createSite(world, metadata.places, recipe));
    for (const site of sites) refuseInUse(world, site);
    if (request.history) for (const site of sites) havingRoom(site, () => refuseToLoseEdits(world, site));
    const { places } = metadata;
    const cleanAll = (): readonly Cleaned[] => {
      const cleaned = sites.map((site) => clean({ world, places, store, request, say }, site));
      if (cleaned.some(({ withdrawn }) => withdrawn.length > 0)) offerWhatIsThere({ world, places, say });
      return cleaned;
    };
    if (!request.history && !request.artifacts) return cleanAll();
    const done = whileNobodyReads(world, places, cleanAll);
    if (done.kind === 'done') return done.value;
    throw new VarveError(
      'usage',
      `the record of this build directory is in use by ${done.readers.join(' and ')}`,
      {
        hints: [whenEnded(world)],
      },
    );
  } finally {
    letGo();
  }
}

interface Cleaning {
  readonly world: World;
  readonly places: Places;
  readonly store: ArtifactStore;
  readonly request: CleanRequest;
  readonly say: Say;
}

/** On a full disk there may be no room for what is to be recorded before it goes. */
function havingRoom<T>({ recipe, workdir }: Site, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new VarveError('disk', `there is no room to record what is in ${workdir}, and so it stays`, {
      hints: [
        `varve gc   makes room; then varve clean ${recipe.name}`,
        `rm -r ${workdir}   removes it as it is: what a person typed there since the last task is lost`,
      ],
      cause: error,
    });
  }
}

/** Whoever removes the history must have seen that edits go with it. */
function refuseToLoseEdits(world: World, site: Site): void {
  settleWorkdir(world, site);
  const { name } = site.recipe;
  const left = findLeft(world, site);
  const keeps = `varve clean ${name}   keeps them in the history`;
  if (left?.kind === 'unfinished' && left.typed === 'likely') {
    throw new VarveError(
      'usage',
      `sources were changed while ${taskId(name, left.task)} ran, which would be lost with its history`,
      { hints: [keeps] },
    );
  }
  if (readEditing(site) === undefined && left?.kind.endsWith('edits') !== true) return;
  throw new VarveError('usage', `${name} has edits in its WORKDIR, which would be lost with its history`, {
    hints: [`varve edit drop ${name}   gives them up`, keeps],
  });
}

function clean(cleaning: Cleaning, site: Site): Cleaned {
  const { world, places, request, say } = cleaning;
  const { recipe } = site;
  const told = request.history
    ? {}
    : editsIn(
        site,
        havingRoom(site, () => keepLeft(world, site)),
      );
  for (const warning of lostWithWorkdir(world, site)) say(`warning: ${recipe.name}: ${warning}`);
  const manifests = ['target', 'native'].map((kind) =>
    sysrootManifest(places, recipe.packageArch, `${recipe.name}.${kind}`),
  );
  const work = [site.workdir, site.asideDir, site.afterDir, recipe.dirs.sysroot, recipe.dirs.sysrootNative];
  const history = historyOf(places, recipe.packageArch, recipe.name);
  const downloads = downloadsOf(world, recipe);
  const gone = [
    ...work,
    ...manifests,
    ...(request.history ? [history] : []),
    ...(request.downloads ? downloads : []),
  ];
  // A sysroot below WORKDIR goes with it; only what was there by itself is told.
  const removed = gone.filter((path) => removeAtOnce(world, path) && !manifests.includes(path));
  const removedArtifacts = request.artifacts ? removeArtifacts(cleaning, recipe.name) : 0;
  return {
    recipe: recipe.name,
    removed,
    removedArtifacts,
    withdrawn: withdraw(cleaning, recipe.name),
    kept: whatStays(cleaning, { recipe: recipe.name, history, downloads }),
    ...told,
  };
}

/** What is to be told of edits, of those that may be some too. */
function editsIn(site: Site, left: KeptLeft | undefined): Pick<Cleaned, 'edits' | 'unfinished' | 'editing'> {
  const { name } = site.recipe;
  const number = left === undefined ? undefined : keptEdits(site.history()).get(left.commit);
  return {
    ...(number !== undefined && { edits: `${name}:edited@${number}` }),
    ...(number !== undefined && left?.kind === 'unfinished' && { unfinished: taskId(name, left.task) }),
    ...(readEditing(site) !== undefined && { editing: true }),
  };
}

/** Takes what a recipe deployed out of the directories where the results of all recipes are. */
function withdraw({ world, places }: Cleaning, recipe: string): Cleaned['withdrawn'] {
  return sharedPlaces(places)
    .map((place) => ({ dir: place.dir, files: withdrawShared(world.fs, place, recipe) }))
    .filter(({ files }) => files > 0);
}

/** What stands in the way of that does not undo the cleaning: the next build does it too. */
function offerWhatIsThere({ world, places, say }: Pick<Cleaning, 'world' | 'places' | 'say'>): void {
  const warn = (text: string): void => say(`warning: ${text}`);
  try {
    indexFeedsAgain({ world, places }, warn);
  } catch (error) {
    const isMendable = error instanceof VarveError || isDiskFull(error);
    if (!(error instanceof Error && isMendable)) throw error;
    warn(`feeds name what is gone until the next build: ${error.message}`);
  }
}

/** Removes a recipe's entries, and the archives that no other entry names. */
function removeArtifacts({ store }: Cleaning, recipe: string): number {
  const entries = store.list().entries;
  const own = entries.filter((entry) => entry.recipe === recipe);
  const shared = new Set(
    entries.filter((entry) => entry.recipe !== recipe).map(({ archive }) => archive.sha256),
  );
  for (const entry of own) {
    store.remove(entry.signature);
    if (!shared.has(entry.archive.sha256)) store.archives.remove(entry.archive);
  }
  return own.length;
}

function whatStays(
  { world, places, store }: Cleaning,
  of: { readonly recipe: string; readonly history: string; readonly downloads: readonly string[] },
): Cleaned['kept'] {
  const count = store.list().entries.filter(({ recipe }) => recipe === of.recipe).length;
  const downloads = of.downloads.filter((path) => world.fs.existsSync(path));
  return [
    ...(world.fs.existsSync(join(of.history, 'HEAD'))
      ? [{ what: 'history' as const, path: of.history }]
      : []),
    ...(count > 0 ? [{ what: 'artifacts' as const, path: places.artifactDir, count }] : []),
    ...(downloads.length > 0
      ? [{ what: 'downloads' as const, path: places.downloadDir, count: downloads.length }]
      : []),
  ];
}
