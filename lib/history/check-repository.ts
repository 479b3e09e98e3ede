/** Looks whether a repository of the record is whole: objects, names, and what they lead to. */
import { basename } from 'node:path';
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
  const objects = openObjectStore(fs, gitDir, { passedOver: checked.passedOver });
  const typeOf = (oid: ObjectId): ObjectType | undefined => checked.whole.get(oid);
  const isBlind = checked.passedOver.size > 0;
  const followed = cutAt(objects, readShallow(fs, gitDir));
  const missing = isBlind
    ? []
    : findMissing(followed, inOrder(followed, withHead(names, refs), typeOf), typeOf);
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

const TASK = /^refs\/tags\/(do_[^@]+)$/;

/** The names of tasks' newest results first, as the tasks follow each other: so what is lost is told of the one that made it. */
function inOrder(
  objects: Pick<ObjectStore, 'readCommit'>,
  names: ReadonlyMap<string, ObjectId>,
  typeOf: CheckedRepository['typeOf'],
): ReadonlyMap<string, ObjectId> {
  const tasks = [...names].filter(([name]) => TASK.test(name));
  const chain: ObjectId[] = [];
  let at = names.get('refs/tags/do_install') ?? names.get('HEAD');
  while (at !== undefined) {
    chain.push(at);
    at = typeOf(at) === 'commit' ? objects.readCommit(at).parents[0] : undefined;
  }
  const place = new Map(chain.toReversed().map((oid, index) => [oid, index]));
  const last = chain.length;
  return new Map([
    ...tasks.toSorted(([, a], [, b]) => (place.get(a) ?? last) - (place.get(b) ?? last)),
    ...names,
  ]);
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
  const isPack = path.endsWith('.pack');
  if (needed !== undefined) {
    const again = isPack ? [] : makeAgain(gitDir, needed, path);
    return { place: path, what: `${why}; ${need(needed)}`, hints: [...again, putAway(gitDir)] };
  }
  if (indexOf === undefined && at.checked.passedOver.size > 0)
    return { place: path, what: why, hints: ['varve fsck   once the index is whole: tells what needs it'] };
  const isSpare = objects.length > 0 && objects.every((oid) => at.checked.whole.has(oid));
  const rest = isSpare ? '; a whole copy of it lies elsewhere' : '; no name leads to it';
  if (objects.length === 0) return { place: path, what: why, hints: [putAway(gitDir)] };
  const takeAway = isPack
    ? `git --git-dir ${gitDir} repack -a -d   packs anew what is whole: nothing is lost`
    : `rm -f ${path}   takes it away: nothing is lost`;
  return { place: path, what: `${why}${rest}`, hints: [takeAway] };
}

function missingObject(gitDir: string, missing: MissingObject): Finding {
  const { oid, is } = missing;
  const what = is === undefined ? 'is missing' : `is a ${is}, which it must not be`;
  return {
    place: gitDir,
    what: `object ${oid.slice(0, 12)} ${what}; ${need(missing)}`,
    hints: [...(is === undefined ? makeAgain(gitDir, missing) : []), putAway(gitDir)],
  };
}

/** A task that makes the same of the same inputs writes just this object, if there is no file in its place. */
function makeAgain(gitDir: string, { name }: MissingObject, damaged?: string): readonly string[] {
  const [, task] = TASK.exec(name) ?? [];
  if (task === undefined) return [];
  const build = `varve build -f -c ${task} ${basename(gitDir, '.git')}`;
  const typed = damaged === undefined ? build : `rm -f ${damaged} && ${build}`;
  return [`${typed}   mends it if the task makes the same again, which varve fsck then tells`];
}

function need({ name, path }: MissingObject): string {
  return `${spokenRef(name)} needs it${path === undefined || path === '' ? '' : ` (${path})`}`;
}

/** `refs/tags/do_compile` is `do_compile` to those who use git. */
const spokenRef = (name: string): string => name.replace(/^refs\/tags\//, '');
