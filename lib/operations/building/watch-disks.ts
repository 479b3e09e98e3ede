/** BB_DISKMON_DIRS: a build that would fill a disk stops before, and says what there is to remove. */
import { parseDiskLimits, shortageOf, type DiskLimit } from './disk-limits.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent, WhatIsThere } from '../../terms/events.ts';
import { isDiskFull } from '../../terms/is-disk-full.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { garbageOf } from '../collect-garbage.ts';
import { sizeRecord } from '../size-record.ts';

export interface DiskWatch {
  /** Looks, and tells of each limit once. */
  mayStart(): boolean;
  /** Aborted where running tasks are to end, too. */
  readonly halt: AbortSignal;
  /** Something found no room: tells, once, what there is to remove. */
  ranFull(): void;
  /** To be called when the build is over. */
  end(): void;
}

/** How often it is looked while long tasks run, in milliseconds. */
const PERIOD = 10_000;
/** Places told of. */
const BIGGEST = 3;

/** Begins to watch; where nothing is to be watched it costs nothing. */
export function watchDisks(world: World, metadata: Metadata, emit: (event: BuildEvent) => void): DiskWatch {
  const limits = parseDiskLimits(metadata.config.get('BB_DISKMON_DIRS'));
  const told = new Set<DiskLimit>();
  const halt = new AbortController();
  let stopped = false;
  let full = false;
  const look = (): void => {
    for (const limit of limits) {
      const shortage = told.has(limit) ? undefined : shortageOf(world, limit);
      if (shortage === undefined) continue;
      told.add(limit);
      const { action, dir } = limit;
      const known = action === 'warn' ? {} : whatIsThere(world, metadata);
      emit({ event: 'disk-low', action, dir, ...shortage, ...known });
      stopped ||= action !== 'warn';
      if (action === 'halt') halt.abort();
    }
  };
  const end = limits.length === 0 ? () => {} : world.every(PERIOD, look);
  return {
    mayStart: () => {
      look();
      return !stopped;
    },
    halt: halt.signal,
    ranFull: () => {
      if (full) return;
      full = true;
      const { variable, dir, free } = fullest(world, metadata.places);
      const isOfRecord = variable === 'TMPDIR' || variable === 'HISTORY_DIR';
      emit({
        event: 'disk-full',
        variable,
        dir,
        free,
        ...(isOfRecord && whatIsThere(world, metadata)),
      });
    },
    end,
  };
}

type FullPlace = Pick<Extract<BuildEvent, { event: 'disk-full' }>, 'variable' | 'dir' | 'free'>;

/** Where least is left of the places that a build writes to, which may be on several disks; TMPDIR where they share one. */
function fullest(world: Pick<World, 'diskSpace'>, places: Metadata['places']): FullPlace {
  const at = (variable: FullPlace['variable'], dir: string): FullPlace => ({
    variable,
    dir,
    free: world.diskSpace(dir).bytes,
  });
  return [
    at('ARTIFACT_DIR', places.artifactDir),
    at('DL_DIR', places.downloadDir),
    at('HISTORY_DIR', places.historyDir),
    at('TMPDIR', places.tmpDir),
  ].reduce((least, each) => (each.free <= least.free ? each : least));
}

function whatIsThere(world: World, metadata: Metadata): WhatIsThere {
  const biggest = ifItCanBeTold(() =>
    sizeRecord(world, metadata.places)
      .places.slice(0, BIGGEST)
      .map(({ kind, name, size }) => ({ kind, name, size })),
  );
  const garbage = ifItCanBeTold(() => garbageOf(world, metadata));
  return { ...(biggest && { biggest }), ...(garbage !== undefined && { garbage }) };
}

/** A record that cannot be read is no reason to go on, and neither is a disk without room for a lease. */
function ifItCanBeTold<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch (error) {
    if (error instanceof VarveError || isDiskFull(error)) return undefined;
    throw error;
  }
}
