import type { Entry } from '../ports/objects.ts';
import { gitMode } from './git-mode.ts';
import type { Facts } from './tree-metadata.ts';

const TYPES = { file: 'file', dir: 'dir', symlink: 'link', fifo: 'fifo' } as const;

/**
 * What a git tree cannot say of an entry; undefined where there is nothing.
 *
 * @param stored the name it is stored under, where that is another than its own
 */
export function factsOf(entry: Entry, stored: string | undefined): Facts | undefined {
  const usual = entry.kind === 'dir' ? 0o755 : entry.kind === 'symlink' ? entry.mode : gitMode(entry) & 0o777;
  const odd = {
    ...((entry.kind === 'fifo' ? entry.mode !== 0o644 : entry.mode !== usual) && { mode: entry.mode }),
    ...(entry.uid !== undefined && entry.uid !== 0 && { uid: entry.uid }),
    ...(entry.gid !== undefined && entry.gid !== 0 && { gid: entry.gid }),
    ...(entry.hardlinkTo !== undefined && { hardlink: entry.hardlinkTo }),
    ...(entry.xattrs !== undefined && { xattrs: entry.xattrs }),
    ...(stored !== undefined && { stored }),
  };
  return Object.keys(odd).length === 0 && entry.kind !== 'fifo'
    ? undefined
    : { type: TYPES[entry.kind], ...odd };
}
