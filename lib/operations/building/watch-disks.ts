/** BB_DISKMON_DIRS: a build that would fill a disk stops before, and says what there is to remove. */
import { parseDiskLimits, shortageOf, type DiskLimit } from './disk-limits.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { garbageOf } from '../collect-garbage.ts';
import { sizeRecord } from '../size-record.ts';

export interface DiskWatch {
  /** Looks, and tells of each limit once. */
  mayStart(): boolean;
  /** Aborted where running tasks are to end, too. */
  readonly halt: AbortSignal;
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
    end,
  };
}

type Known = Pick<BuildEvent & { event: 'disk-low' }, 'biggest' | 'garbage'>;

/** A record that cannot be read is no reason to go on. */
function whatIsThere(world: World, metadata: Metadata): Known {
  try {
    const { places } = sizeRecord(world, metadata.places);
    const biggest = places.slice(0, BIGGEST).map(({ kind, name, size }) => ({ kind, name, size }));
    return { biggest, garbage: garbageOf(world, metadata) };
  } catch (error) {
    if (error instanceof VarveError) return {};
    throw error;
  }
}
