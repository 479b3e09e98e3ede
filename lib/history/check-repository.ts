/** Looks whether a repository of the record is whole: objects, names, and what they lead to. */
import type { ObjectStore, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { checkObjects, type CheckedObjects, type DamagedFile } from './check-objects.ts';
import type { Finding } from './finding.ts';
import { findMissing, type MissingObject } from './find-missing.ts';
import { openObjectStore } from './object-store.ts';
import { openRefs, type Refs } from './refs.ts';
import { putAway } from './damaged-repository.ts';
import { cutAt, readShallow } from './shallow.ts';

/** What is known of a repository after a look at all of it. */
export interface CheckedRepository {
  readonly gitDir: string;
  readonly objects: ObjectStore;
  /** Those that can be read. */
  readonly refs: ReadonlyMap<string, ObjectId>;
  /** Those that are whole. */
  readonly commits: readonly CommitId[];
  /** How many objects were read. */
  readonly count: number;
  /** The type of an object that is there and whole. */
  typeOf(oid: ObjectId): ObjectType | undefined;
  /** An index of a pack is damaged: what else is there cannot be told. */
  readonly isBlind: boolean;
  readonly findings: readonly Finding[];
}

/** Checks a repository. Names are read before objects, so that a build may go on meanwhile. */
export function checkRepository(fs: FileSystem, gitDir: string): CheckedRepository {
  const refs = openRefs(fs, gitDir);
  const { refs: names, damaged: badNames } = refs.survey();
  const checked = checkObjects(fs, gitDir);
  const objects = openObjectStore(fs, gitDir, checked.passedOver);
  const typeOf = (oid: ObjectId): ObjectType | undefined => checked.whole.get(oid);
  const isBlind = checked.passedOver.size > 0;
  const followed = cutAt(objects, readShallow(fs, gitDir));
  const missing = isBlind ? [] : findMissing(followed, withHead(names, refs), typeOf);
  return {
    gitDir,
    objects,
    refs: names,
    commits: [...checked.whole].flatMap(([oid, type]) => (type === 'commit' ? [oid as CommitId] : [])),
    count: checked.whole.size,
    typeOf,
    isBlind,
    findings: [
      ...badNames.map(told),
      ...checked.damaged.map((file) => damagedFile(gitDir, file, { checked, missing })),
      ...missing.filter(({ oid }) => !isTold(checked, oid)).map((lost) => missingObject(gitDir, lost)),
    ],
  };
}

function withHead(names: ReadonlyMap<string, ObjectId>, refs: Refs): ReadonlyMap<string, ObjectId> {
  try {
    const head = refs.head();
    return head === undefined ? names : new Map([...names, ['HEAD', head]]);
  } catch (error) {
    // Told with the other names, or by the first command that needs it.
    if (error instanceof VarveError) return names;
    throw error;
  }
}

function told(error: VarveError): Finding {
  const [place = '', what = ''] = error.message.split(' is damaged: ');
  return { place, what, hints: error.hints };
}

const isTold = ({ damaged }: CheckedObjects, oid: ObjectId): boolean =>
  damaged.some(({ objects }) => objects.includes(oid));

function damagedFile(
  gitDir: string,
  { path, why, objects, indexOf }: DamagedFile,
  at: { readonly checked: CheckedObjects; readonly missing: readonly MissingObject[] },
): Finding {
  if (indexOf?.isWhole === true)
    return {
      place: path,
      what: `${why}; its pack is whole`,
      hints: [`git index-pack -o ${path} ${indexOf.pack}.pack   makes it anew of the pack: nothing is lost`],
    };
  const needed = at.missing.find(({ oid }) => objects.includes(oid));
  if (needed !== undefined) return { place: path, what: `${why}; ${need(needed)}`, hints: [putAway(gitDir)] };
  if (indexOf === undefined && at.checked.passedOver.size > 0)
    return { place: path, what: why, hints: ['varve fsck   once the index is whole: tells what needs it'] };
  const isSpare = objects.length > 0 && objects.every((oid) => at.checked.whole.has(oid));
  const rest = isSpare ? '; a whole copy of it lies elsewhere' : '; no name leads to it';
  return objects.length === 1
    ? { place: path, what: `${why}${rest}`, hints: [`rm -f ${path}   takes it away: nothing is lost`] }
    : { place: path, what: why, hints: [putAway(gitDir)] };
}

function missingObject(gitDir: string, missing: MissingObject): Finding {
  const { oid, is } = missing;
  const what = is === undefined ? 'is missing' : `is a ${is}, which it must not be`;
  return {
    place: gitDir,
    what: `object ${oid.slice(0, 12)} ${what}; ${need(missing)}`,
    hints: [putAway(gitDir)],
  };
}

function need({ name, path }: MissingObject): string {
  return `${spokenRef(name)} needs it${path === undefined || path === '' ? '' : ` (${path})`}`;
}

/** `refs/tags/do_compile` is `do_compile` to those who use git. */
const spokenRef = (name: string): string => name.replace(/^refs\/tags\//, '');
