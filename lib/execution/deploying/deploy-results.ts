/** DEPLOY_DIR and PKGDATA_DIR: filled from the artifacts of tasks with `[deployed]`, and from nothing else. */
import { relative } from 'node:path';
import type { Builds } from '../../history/builds.ts';
import { openObjectStore } from '../../history/object-store.ts';
import type { Applied } from '../../sysroot/apply-sysroot.ts';
import type { SharedPart } from '../../sysroot/compose-sysroot.ts';
import { fillShared } from '../../sysroot/fill-shared.ts';
import { type KnownPart, readManifest, writeManifest } from '../../sysroot/sysroot-manifest.ts';
import {
  historyOf,
  type Places,
  type SharedDir,
  type SharedPlace,
  sharedPlaces,
} from '../../terms/places.ts';
import { taskId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { BuildContext } from '../build-context.ts';
import { findXattrTools } from '../hands/find-xattr-tools.ts';
import { deployedTo } from '../outline/deployed-to.ts';
import { countingArtifact } from '../results/why-not-here.ts';
import { indexFeeds, isFeedIndex } from './index-feeds.ts';
import { recordedParts } from './recorded-parts.ts';

export interface Deploying {
  /** With the builds before this one. */
  readonly builds: Builds;
  /** Whether there is such a recipe. */
  readonly isKnown: (recipe: string) => boolean;
  /** What was taken out for a task to run, until it is known what comes in its stead. */
  readonly takenOut: Map<SharedDir, readonly KnownPart[]>;
}

/**
 * Makes both directories hold what the tasks of this build have made, and what those of other recipes made in builds
 * before. What a task failed to make anew stays as it was.
 */
export function deployResults(context: BuildContext, deploying: Deploying): void {
  const { places, emit } = context;
  const made = partsMade(context);
  for (const place of sharedPlaces(places)) {
    const { name, dir } = place;
    const { own, carried } = partsOf(context, deploying, { place, made });
    try {
      tell(context, dir, fillPlace(context, place, [...own, ...carried]));
    } catch (error) {
      if (!(error instanceof VarveError)) throw error;
      const { message: text, hints } = error;
      emit({ event: 'message', level: 'error', about: name, text, hints });
    }
  }
}

/**
 * The same of some of the directories while tasks go on, with what is made so far. Where what this build is still to make anew is in
 * the way of what it has made, it gives way.
 */
export function deployMeanwhile(
  context: BuildContext,
  deploying: Deploying,
  dirs: ReadonlySet<SharedDir>,
): void {
  const made = partsMade(context);
  for (const place of sharedPlaces(context.places).filter(({ name }) => dirs.has(name))) {
    const { own, carried } = partsOf(context, deploying, { place, made });
    const isDue = ({ recipe, task }: KnownPart): boolean => context.graph.tasks.has(taskId(recipe, task));
    const lasting = carried.filter((part) => !isDue(part));
    try {
      tell(context, place.dir, fillPlace(context, place, [...own, ...carried]));
      deploying.takenOut.delete(place.name);
    } catch (error) {
      if (!(error instanceof VarveError) || lasting.length === carried.length) throw error;
      tell(context, place.dir, fillPlace(context, place, [...own, ...lasting]));
      deploying.takenOut.set(place.name, carried.filter(isDue));
    }
  }
}

/** What there is for a directory. */
function partsOf(
  context: BuildContext,
  { builds, isKnown, takenOut }: Deploying,
  { place, made }: { readonly place: SharedPlace; readonly made: readonly Made[] },
): { readonly own: readonly SharedPart[]; readonly carried: readonly SharedPart[] } {
  const before = [...partsBefore(context, builds, place), ...(takenOut.get(place.name) ?? [])];
  return {
    own: made.filter(({ to }) => to === place.name).map(({ part }) => part),
    carried: carriedOn(context, { made, carried: before, isKnown }),
  };
}

/**
 * Indexes feeds again where a recipe's packages went, so that none is offered that is not there. Where the history of another
 * one that stands there is gone, that is left to the next build, which takes its files away too, and says so.
 */
export function indexFeedsAgain({ world, places }: Deployed, warn: (text: string) => void): void {
  for (const place of sharedPlaces(places)) {
    const parts = readManifest(world.fs, place.manifest)?.parts ?? [];
    const results = parts.filter((part) => !isFeedIndex(part));
    const found = results.flatMap((part) => atHand({ world, places }, part));
    if (results.length === parts.length || found.length < results.length) continue;
    const { tampered } = fillPlace({ world, places }, place, found);
    putRight(nearBuild(places, place.dir), tampered).forEach(warn);
  }
}

type Deployed = Pick<BuildContext, 'world' | 'places'> & { readonly graph?: BuildContext['graph'] };

function fillPlace(
  { world, places, graph }: Deployed,
  place: SharedPlace,
  results: readonly SharedPart[],
): Applied {
  const parts = [...results, ...indexFeeds(world.fs, places, results)];
  const xattrs = findXattrTools(world);
  const wanted = new Set(graph?.recipes.keys());
  return fillShared(world.fs, { ...place, parts, wanted, ...(xattrs && { xattrs }) });
}

/** A part with the history that has it; none where that is gone. */
function atHand({ world, places }: Deployed, part: KnownPart): readonly SharedPart[] {
  const objects = openObjectStore(world.fs, historyOf(places, part.packageArch, part.recipe));
  return objects.has(part.tree) ? [{ ...part, objects }] : [];
}

/** What was there after the build before. */
function partsBefore(
  { world, places }: BuildContext,
  builds: Builds,
  { name, manifest }: SharedPlace,
): readonly KnownPart[] {
  const known = readManifest(world.fs, manifest)?.parts;
  if (known !== undefined) return known;
  const parts = recordedParts(world.fs, { places, builds }, name);
  // Whatever comes of this: a recipe that is in another one's way can be cleaned.
  writeManifest(world.fs, manifest, { composition: '', parts, entries: new Map() });
  return parts;
}

interface Made {
  readonly to: SharedDir;
  readonly part: SharedPart;
}

function partsMade(context: BuildContext): readonly Made[] {
  return [...context.graph.tasks.values()]
    .filter(({ shape }) => shape.deployed)
    .flatMap((node) => partMade(context, node) ?? []);
}

function partMade(context: BuildContext, node: TaskNode): Made | undefined {
  const site = context.site(node.recipe);
  const { name: task } = node.shape;
  const deployed = deployedTo(context.places, site.recipe, task);
  const signature = context.known.signature(node.id);
  if (deployed === undefined || signature === undefined) return undefined;
  const artifact = countingArtifact(context, node, signature);
  if (artifact === undefined || artifact.id !== context.known.identity(node.id)) return undefined;
  const { name: recipe, packageArch } = site.recipe;
  const { objects } = site.history();
  const { at, dir: to } = deployed;
  return { to, part: { recipe, packageArch, task, tree: artifact.tree, at, time: site.epoch, objects } };
}

/** What this build has not made anew, of tasks that are still there. */
function carriedOn(
  context: BuildContext,
  {
    made,
    carried,
    isKnown,
  }: {
    readonly made: readonly Made[];
    readonly carried: readonly KnownPart[];
    readonly isKnown: (recipe: string) => boolean;
  },
): readonly SharedPart[] {
  const { graph } = context;
  const anew = new Map(made.map(({ part }) => [`${part.recipe}:${part.task}`, part]));
  const results = carried.filter((part) => !isFeedIndex(part));
  return results.flatMap((part) => {
    const { recipe, task } = part;
    const other = anew.get(`${recipe}:${task}`);
    // What the task made for another machine stays, where each machine has a place of its own.
    if (other !== undefined && (other.packageArch === part.packageArch || other.at === part.at)) return [];
    const shape = graph.recipes.get(recipe);
    const isThere =
      shape === undefined
        ? isKnown(recipe)
        : shape.tasks.some(({ name, deployed }) => name === task && deployed);
    return isThere ? atHand(context, part) : [];
  });
}

function tell({ places, emit }: BuildContext, dir: string, { written, removed, tampered }: Applied): void {
  const near = nearBuild(places, dir);
  for (const text of putRight(near, tampered))
    emit({ event: 'message', level: 'warning', about: near, text });
  if (written === 0 && removed === 0) return;
  const text = `${near}: files written ${written}, removed ${removed}`;
  emit({ event: 'message', level: 'note', about: near, text });
}

function nearBuild({ buildDir }: Places, dir: string): string {
  const shown = relative(buildDir, dir);
  return shown.startsWith('..') ? dir : shown;
}

/** What is said of changes that others made in a directory, of the first few. */
function putRight(near: string, tampered: Applied['tampered']): readonly string[] {
  return tampered
    .slice(0, 5)
    .map(
      ({ path, how }) =>
        `${near}/${shownPath(path)} was ${how} by somebody, which is put right again: it is filled from artifacts only`,
    );
}
