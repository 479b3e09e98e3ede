/** Which artifacts of the store may go, and their going. */
import { claimsOfOthers, renewClaims } from '../../artifacts/claims.ts';
import { collectStore } from '../../artifacts/collect-store.ts';
import { oldestLease } from '../../artifacts/lease.ts';
import { planCollection, type Holding } from '../../artifacts/plan-collection.ts';
import { isOwnStore } from '../../artifacts/store-user.ts';
import { surveyStore } from '../../artifacts/survey-store.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { byCodeUnit, type Signature } from '../../terms/ids.ts';
import type { ChosenBuilds } from './history-reach.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

export interface ArtifactLimits {
  /** Bytes of archives that may stay. */
  readonly maxSize: number | undefined;
  /** What nobody had a use for since then goes; milliseconds since the epoch. */
  readonly unusedSince: number;
  readonly dryRun: boolean;
}

/** An archive that went, or would go. */
export interface CollectedArtifact {
  readonly sha256: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  /** What it was the artifact of; none where nothing led to it. */
  readonly of: readonly { readonly recipe: string; readonly version: string; readonly task: string }[];
}

export interface CollectedArtifacts {
  readonly removed: readonly CollectedArtifact[];
  /** Bytes. */
  readonly freed: number;
  /** Entries that led nowhere. */
  readonly broken: number;
  readonly kept: number;
  /** Bytes that stay. */
  readonly size: number;
  /** Bytes that the limit asked for. */
  readonly maxSize?: number;
}

/** Collects what is needed by none of the builds that are kept, here or elsewhere, and by no running one. */
export function collectArtifacts(
  record: TheRecord,
  { kept, dropped }: ChosenBuilds,
  limits: ArtifactLimits,
): CollectedArtifacts {
  const { world, places } = record;
  const place = { fs: world.fs, dir: places.artifactDir };
  // What stands in the newest build would be exported again at once.
  const newest = namedBy(record, kept.slice(-1));
  const lasting = new Set([
    ...notInHistories(record, kept),
    // Whoever gives a build a name may push it later.
    ...namedBy(
      record,
      kept.filter(({ name }) => name !== undefined),
    ),
  ]);
  const named = isOwnStore(world, places) ? namedBy(record, [...kept, ...dropped]) : new Set<Signature>();
  const claims = claimsOfOthers(world, places);
  // First the store, then who uses it: what was in use before either is known by its lease, later use by its mark.
  const survey = surveyStore(place);
  const collection = planCollection(survey, {
    ...limits,
    inUseSince: oldestLease(world, places) ?? Infinity,
    isNeeded: ({ signature }) => [newest, lasting, claims].some((needed) => needed.has(signature)),
    // What is needed was sorted out: a history has it, or no build that is kept names it.
    isSpare: ({ signature }) => named.has(signature),
  });
  if (!limits.dryRun) {
    collectStore(place, record.store(), collection);
    renewClaims(world, places, lasting);
  }
  const bytes = (holdings: readonly Holding[]): number =>
    holdings.reduce((sum, { archive }) => sum + archive.size, 0);
  return {
    removed: collection.goes.map(asCollected),
    freed: bytes(collection.goes),
    broken: collection.broken.length,
    kept: collection.stays.length,
    size: bytes(collection.stays),
    ...(limits.maxSize === undefined ? {} : { maxSize: limits.maxSize }),
  };
}

function asCollected({ archive, entries }: Holding): CollectedArtifact {
  const of = entries.flatMap(({ entry }) => {
    if (entry === undefined) return [];
    const { recipe, version, task } = entry;
    return [{ recipe, version, task }];
  });
  return {
    sha256: archive.sha256,
    size: archive.size,
    lastUsed: archive.used,
    of: of.toSorted((a, b) => byCodeUnit(a.recipe, b.recipe) || byCodeUnit(a.task, b.task)),
  };
}

/** Of recipes that stood the same in several builds, one. */
function* distinctRecipes(record: TheRecord, builds: readonly RecordedBuild[]): Generator<RecordedRecipe> {
  const seen = new Set<string>();
  for (const build of builds) {
    for (const recipe of record.recipes(build)) {
      if (seen.has(recipe.oid)) continue;
      seen.add(recipe.oid);
      yield recipe;
    }
  }
}

/** The artifacts that these builds name. */
function namedBy(record: TheRecord, builds: readonly RecordedBuild[]): ReadonlySet<Signature> {
  const found = new Set<Signature>();
  for (const recipe of distinctRecipes(record, builds))
    for (const { signature } of recipe.artifacts()) found.add(signature);
  return found;
}

/** Those of them that no history holds. */
function notInHistories(record: TheRecord, builds: readonly RecordedBuild[]): ReadonlySet<Signature> {
  const found = new Set<Signature>();
  for (const recipe of distinctRecipes(record, builds)) {
    const history = record.history(recipe.arch, recipe.recipe);
    for (const { signature, tree } of recipe.artifacts())
      if (history?.objects.has(tree) !== true) found.add(signature);
  }
  return found;
}
