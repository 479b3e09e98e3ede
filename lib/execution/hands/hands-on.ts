import type { Hands } from '../../history/materialise.ts';
import type { World } from '../../ports/world.ts';
import { removeTree } from '../workdir/remove-tree.ts';
import { findXattrTools } from './find-xattr-tools.ts';
import { makeFifo } from './make-fifo.ts';

/** What is done by programs, since node has no calls for it. */
export function handsOn(world: World): Hands {
  const xattrs = findXattrTools(world);
  return {
    mkfifo: (path, mode) => makeFifo(world, path, mode),
    removeTree: (path) => removeTree(world, path.toString()),
    ...(xattrs && { xattrs }),
  };
}
