import { splitWords } from '../../layers/split-words.ts';
import type { World } from '../../ports/world.ts';
import { parseSize } from '../../terms/parse-size.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** How much room a directory's file system must have, and what becomes of a build where it has less. */
export interface DiskLimit {
  /** `stop`: no task starts any more; `halt`: those that run are ended, too. */
  readonly action: 'warn' | 'stop' | 'halt';
  readonly dir: string;
  readonly bytes?: number;
  readonly inodes?: number;
}

/** What is scarce, and how much of it there is. */
export interface Shortage {
  readonly what: 'bytes' | 'inodes';
  readonly free: number;
  readonly limit: number;
}

/** BitBake's words, its older ones among them. */
const ACTIONS: Readonly<Record<string, DiskLimit['action']>> = {
  WARN: 'warn',
  STOPTASKS: 'stop',
  HALT: 'halt',
  ABORT: 'halt',
};

/** Reads BB_DISKMON_DIRS: `ACTION,DIR,SPACE,INODES`, of which one of the last two may be left out. */
export function parseDiskLimits(text: string | undefined): readonly DiskLimit[] {
  return splitWords(text).map((word) => {
    const [action = '', dir = '', space = '', inodes = '', ...more] = word.split(',');
    const limit = {
      action: ACTIONS[action],
      dir,
      ...(space !== '' && { bytes: parseSize(space) }),
      ...(inodes !== '' && { inodes: parseSize(inodes) }),
    };
    const isLimit = limit.action !== undefined && dir.startsWith('/') && more.length === 0;
    const numbers = [limit.bytes, limit.inodes].filter((number) => number !== undefined);
    const written = [space, inodes].filter((number) => number !== '');
    if (!isLimit || numbers.length === 0 || numbers.length < written.length) throw noLimit(word);
    return limit as DiskLimit;
  });
}

function noLimit(word: string): VarveError {
  return new VarveError('metadata', `BB_DISKMON_DIRS holds "${word}", which is not ACTION,DIR,SPACE,INODES`, {
    hints: [
      'BB_DISKMON_DIRS = "STOPTASKS,${TMPDIR},1G,100K HALT,${TMPDIR},100M,1K"   actions are WARN, STOPTASKS, HALT',
      'varve env BB_DISKMON_DIRS   says where it is set',
    ],
  });
}

/** Looks whether there is less room than a limit asks for. A directory that is not there yet counts as what it will lie in. */
export function shortageOf(world: Pick<World, 'diskSpace'>, limit: DiskLimit): Shortage | undefined {
  const free = world.diskSpace(limit.dir);
  for (const what of ['bytes', 'inodes'] as const) {
    const [has, needs] = [free[what], limit[what]];
    if (has !== undefined && needs !== undefined && has < needs) return { what, free: has, limit: needs };
  }
  return undefined;
}
