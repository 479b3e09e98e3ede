/** `varve gc`: gives back the space of what nothing needs any more. */
import { holdBuildLock, IDLE_GC } from '../execution/holding/hold-build-lock.ts';
import { leaseHolders, whileNobodyReads } from '../execution/holding/hold-lease.ts';
import { reserveRoom } from '../execution/holding/making-room.ts';
import { replaceFile } from '../history/replace-file.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import { usualPolicy } from '../planning/kept-builds.ts';
import type { World } from '../ports/world.ts';
import { ifThereIsRoom } from '../terms/if-there-is-room.ts';
import { buildsRepository, collectedMark, type Places, waitingMark } from '../terms/places.ts';
import {
  collectArtifacts,
  type ArtifactLimits,
  type CollectedArtifacts,
} from './housekeeping/collect-artifacts.ts';
import { dropChanges } from './explaining/kept-changes.ts';
import { collectCaches, type CollectedCaches } from './housekeeping/collect-caches.ts';
import { limitsOf } from './housekeeping/limits.ts';
import { chooseBuilds } from './housekeeping/choose-builds.ts';
import { collectableBuilds, collectableHistory, type Collectable } from './housekeeping/collectable.ts';
import {
  dropUnneeded,
  foreseeCollection,
  mergeLeft,
  sizeOf,
  type CollectedHistories,
} from './housekeeping/collect-histories.ts';
import { giveUpWorkdirs, type GivenUpWorkdirs } from './housekeeping/give-up-workdirs.ts';
import { statedHistories, type ChosenBuilds } from './housekeeping/history-reach.ts';
import { lastNumber } from './record/last-number.ts';
import { listHistories } from './record/list-histories.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { relistStandings } from './record/relist-standings.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface GarbageRequest {
  readonly buildDir: string;
  readonly dryRun: boolean;
  /** Bytes of archives that may stay; left out: what ARTIFACT_MAX_SIZE says. */
  readonly maxSize: number | undefined;
  /** Nobody asked for it: it ends where somebody wants the build directory. */
  readonly idle: boolean;
  /** What is older, or had no use since, is not kept; milliseconds since the epoch. Left out: the usual time. */
  readonly since: number | undefined;
}

export interface CollectedGarbage {
  readonly schema: 1;
  readonly dryRun: boolean;
  readonly builds: {
    /** Numbers of the builds that all is kept of, and of those that leave the record. */
    readonly kept: readonly number[];
    readonly dropped: readonly number[];
  };
  readonly histories: CollectedHistories;
  readonly artifacts: CollectedArtifacts;
  readonly caches: CollectedCaches;
  /** Only where the disk was full. */
  readonly workdirs?: GivenUpWorkdirs;
}

/** Collects garbage while no build goes on here. */
export async function collectGarbage(
  world: World,
  request: GarbageRequest,
  say: Say,
): Promise<CollectedGarbage> {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const what = request.idle ? IDLE_GC : 'varve gc';
  const letGo = await holdBuildLock(world, metadata.places, { what, wait: !request.idle, say });
  try {
    const collected = collect(world, metadata, request);
    for (const { recipe, lost } of collected.workdirs?.removed ?? [])
      for (const warning of lost) say(`warning: ${recipe}: ${warning}`);
    const newest = collected.builds.kept.at(-1);
    const { readers, uncompressed } = collected.histories;
    const isDone = !request.dryRun && readers.length === 0;
    if (isDone && uncompressed.length === 0) world.fs.rmSync(waitingMark(metadata.places), { force: true });
    if (isDone && newest !== undefined) ifThereIsRoom(() => noteCollection(world, metadata.places, newest));
    if (!request.dryRun) {
      dropChanges(world.fs, buildsRepository(metadata.places));
      ifThereIsRoom(() => relistStandings(world.fs, buildsRepository(metadata.places)));
      reserveRoom(world.fs, metadata.places);
    }
    return collected;
  } finally {
    letGo();
  }
}

/** So that no gc comes by itself before there are newer builds. */
function noteCollection({ fs }: World, places: Places, newest: number): void {
  const path = collectedMark(places);
  replaceFile(fs, { path, temporary: `${path}.new` }, `${newest}\n`);
}

/** Bytes that would be freed, for who holds the build directory. */
export function garbageOf(world: World, metadata: Metadata): number {
  const { buildDir } = metadata.places;
  const asked = { buildDir, dryRun: true, idle: true, maxSize: undefined, since: undefined };
  const foreseen = collect(world, metadata, asked);
  const { histories, artifacts, caches } = foreseen;
  return histories.freed + artifacts.freed + caches.freed;
}

function collect(world: World, metadata: Metadata, request: GarbageRequest): CollectedGarbage {
  const { dryRun } = request;
  const configured = limitsOf(metadata);
  const maxSize = request.maxSize ?? configured.artifacts;
  const record = openRecord(world, request.buildDir);
  // Of builds that have lost their names nothing would be kept: that is an error.
  lastNumber(
    world,
    metadata.places,
    record.builds.map(({ n }) => n),
  );
  const usual = usualPolicy(world.now());
  const policy = request.since === undefined ? usual : { newest: 1, since: request.since };
  const histories = statedHistories(record, listHistories(world, metadata.places));
  const chosen = chooseBuilds(record, policy, { maxSize: configured.histories, histories });
  const repositories = [
    ...histories.map((history) => collectableHistory(record, history, chosen)),
    ...collectableBuilds(record, chosen),
  ];
  const collecting: Collecting = {
    record,
    chosen,
    repositories,
    limits: { maxSize, unusedSince: policy.since },
  };
  // Before all else: the rest needs room, too.
  const workdirs = request.idle ? undefined : giveUpWorkdirs(world, { metadata, histories, dryRun });
  const caches = collectCaches(world, metadata.places, { since: policy.since, dryRun });
  const collected = dryRun ? foresee(collecting) : carryOut(collecting);
  return {
    schema: 1,
    dryRun,
    caches,
    ...collected,
    ...(configured.histories !== undefined && {
      histories: { ...collected.histories, maxSize: configured.histories },
    }),
    ...(workdirs && { workdirs }),
  };
}

interface Collecting {
  readonly record: TheRecord;
  readonly chosen: ChosenBuilds;
  readonly repositories: readonly Collectable[];
  readonly limits: Omit<ArtifactLimits, 'dryRun'>;
}

type CollectedRecord = Pick<CollectedGarbage, 'builds' | 'artifacts' | 'histories'>;

function foresee({ record, chosen, repositories, limits }: Collecting): CollectedRecord {
  const readers = leaseHolders(record.world, buildsRepository(record.places));
  return {
    builds: numbersOf(chosen),
    artifacts: collectArtifacts(record, chosen, { ...limits, dryRun: true }),
    histories: foreseeCollection(record, repositories, readers),
  };
}

function carryOut(collecting: Collecting): CollectedRecord {
  const { record, chosen, repositories, limits } = collecting;
  const { fs } = record.world;
  const before = sizeOf(fs, repositories);
  const done = whileNobodyReads(record.world, record.places, () => ({
    artifacts: collectArtifacts(record, chosen, { ...limits, dryRun: false }),
    dropped: dropUnneeded(record, repositories),
  }));
  if (done.kind === 'read') return nothingWent(collecting, before, done.readers);
  const { artifacts, dropped } = done.value;
  const uncompressed = mergeLeft(record.world, dropped);
  const size = sizeOf(fs, repositories);
  const freed = Math.max(before - size, 0);
  return { builds: numbersOf(chosen), artifacts, histories: { freed, size, uncompressed, readers: [] } };
}

function nothingWent(
  { record, chosen, limits }: Collecting,
  size: number,
  readers: readonly string[],
): CollectedRecord {
  const { kept, dropped } = chosen;
  const artifacts = collectArtifacts(record, chosen, { ...limits, dryRun: true });
  return {
    builds: numbersOf({ kept: [...kept, ...dropped].toSorted((a, b) => a.n - b.n), dropped: [] }),
    artifacts: {
      ...artifacts,
      removed: [],
      freed: 0,
      broken: 0,
      kept: artifacts.kept + artifacts.removed.length,
      size: artifacts.size + artifacts.freed,
    },
    histories: { freed: 0, size, uncompressed: [], readers },
  };
}

const numbersOf = ({ kept, dropped }: ChosenBuilds): CollectedGarbage['builds'] => ({
  kept: kept.map(({ n }) => n),
  dropped: dropped.map(({ n }) => n),
});
