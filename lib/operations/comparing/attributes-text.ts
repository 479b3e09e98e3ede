/** What `diff --tool` shows of files besides their content, as text beside them. */
import { formatFacts, type Facts } from '../../trees/tree-metadata.ts';
import { pathOn, type FileDifference, type FileSide } from './difference.ts';

/**
 * Writes modes, owners and extended attributes of one side's files, where the other side has others, or where a file in a
 * directory of one's own would not have them: such a file is closed to writing, and a user cannot give it to anybody.
 */
export function attributesText(files: readonly FileDifference[], side: 'from' | 'to'): string {
  const facts = files.flatMap((file) => {
    const [here, there] = side === 'from' ? [file.from, file.to] : [file.to, file.from];
    if (here === undefined || (there === undefined ? isPlain(here) : isSame(here, there))) return [];
    return [[pathOn(file, side), factsOf(here)] as const];
  });
  return formatFacts(new Map(facts));
}

const isPlain = ({ mode, uid = 0, gid = 0, xattrs }: FileSide): boolean =>
  (mode & 0o7000) === 0 && uid === 0 && gid === 0 && xattrs === undefined;

const isSame = (a: FileSide, b: FileSide): boolean =>
  a.mode === b.mode &&
  (a.uid ?? 0) === (b.uid ?? 0) &&
  (a.gid ?? 0) === (b.gid ?? 0) &&
  a.xattrs === b.xattrs;

const TYPES: Readonly<Record<number, Facts['type']>> = { 0o120000: 'link', 0o40000: 'dir', 0o10000: 'fifo' };

function factsOf({ mode, uid, gid, xattrs }: FileSide): Facts {
  return {
    type: TYPES[mode & 0o170000] ?? 'file',
    mode: mode & 0o7777,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(xattrs !== undefined && { xattrs }),
  };
}
