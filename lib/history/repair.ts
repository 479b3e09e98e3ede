/** Takes out of a repository what a power cut left half written. */
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { jottedNotes, refs as refNames } from '../terms/places.ts';
import { parseGitIndex } from './git-index.ts';
import { VarveError } from '../terms/varve-error.ts';
import { forgetJotted, jottingNotes } from './jotted-notes.ts';
import { NOTE_KINDS, openNotes } from './notes.ts';
import { openObjectStore } from './object-store.ts';
import { openRefs, type Refs, UNBORN } from './refs.ts';
import { readIfThere } from './replace-file.ts';
import { AUTHOR } from './task-commits.ts';
import { wholeness } from './wholeness.ts';

/** Milliseconds by which a file system's date may be behind the clock: some count in pairs of seconds. */
const BEHIND = 2000;
/** Loose objects larger than this were synced when they were written. */
const SYNCED_SIZE = 64 << 20;

/** Names whose newest value was lost: each stands where it stood before, or nowhere. */
export type Lost = readonly string[];

/**
 * Repairs a repository of which all that was written before `since` (milliseconds) is on the disk. Objects that are
 * not whole are removed, and so is every name that does not lead to whole objects only: what packed-refs says of it
 * holds again. Packs, large objects and packed-refs need no look: they are synced before they are named.
 */
export function repairRepository(fs: FileSystem, gitDir: string, since: number): Lost {
  removeTornObjects(fs, join(gitDir, 'objects'), since);
  forgetStats(fs, gitDir);
  const objects = openObjectStore(fs, gitDir);
  const refs = openRefs(fs, gitDir);
  const isWhole = wholeness(objects);
  const lost = refs.dropLoose(isWhole);
  mendHead(fs, gitDir, { refs, isWhole });
  try {
    mendNotes(fs, gitDir, { objects, refs, since });
  } catch (error) {
    // Older ones that cannot be read are no reason not to build.
    if (!(error instanceof VarveError)) throw error;
  }
  return lost;
}

/**
 * Notes are of commits that are there. That a task left what a name of it leads to is noted again, though no longer when
 * each file was written: by that it is told from what somebody else put there.
 */
function mendNotes(
  fs: FileSystem,
  gitDir: string,
  { objects, refs, since }: { readonly objects: ObjectStore; readonly refs: Refs; readonly since: number },
): void {
  const jotted = jottedNotes(gitDir);
  forgetJotted(fs, jotted, objects.has);
  const notes = openNotes(objects, refs, { author: AUTHOR, seconds: () => Math.floor(since / 1000) });
  for (const kind of NOTE_KINDS) {
    const isSynced = !fs.existsSync(join(gitDir, refNames.notes(kind)));
    if (isSynced || [...notes.list(kind).keys()].every(objects.has)) continue;
    const kept = notes.reduce(kind, objects.has);
    if (kept !== undefined) refs.write(refNames.notes(kind), kept);
  }
  const jotting = jottingNotes(notes, fs, jotted);
  const unsynced = [...refs.list('refs/tags/do_')].filter(([name]) => fs.existsSync(join(gitDir, name)));
  const unnoted = unsynced
    .map(([, commit]) => commit as CommitId)
    .filter((commit) => jotting.read('times', commit) === undefined);
  for (const commit of new Set(unnoted)) jotting.jot(commit, { times: '' });
}

function removeTornObjects(fs: FileSystem, objectsDir: string, since: number): void {
  for (const fan of fs.readdirSync(objectsDir).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of fs.readdirSync(join(objectsDir, fan))) {
      const path = join(objectsDir, fan, name);
      const { mtimeMs, size } = fs.lstatSync(path);
      if (
        mtimeMs >= since - BEHIND &&
        size <= SYNCED_SIZE &&
        !isObject(fs.readFileSync(path), `${fan}${name}`)
      )
        fs.rmSync(path, { force: true });
    }
  }
}

function isObject(deflated: Buffer, oid: string): boolean {
  try {
    return createHash('sha1').update(inflateSync(deflated)).digest('hex') === oid;
  } catch {
    return false;
  }
}

/**
 * The WORKDIR may have lost content behind an unchanged stat: it is to be read again, byte by byte. For git as for us
 * that is what an index of long ago says.
 */
function forgetStats(fs: FileSystem, gitDir: string): void {
  const beside = fs.existsSync(join(gitDir, 'varve'))
    ? fs.readdirSync(join(gitDir, 'varve')).filter((name) => name.endsWith('.index'))
    : [];
  for (const path of ['index', ...beside.map((name) => join('varve', name))])
    dateBack(fs, join(gitDir, path));
}

function dateBack(fs: FileSystem, index: string): void {
  const isWhole = fs.existsSync(index) && parseGitIndex(fs.readFileSync(index)) !== undefined;
  if (isWhole) fs.utimesSync(index, 1, 1);
  else fs.rmSync(index, { force: true });
}

/** HEAD stood at a commit that is lost: it stands at the newest build's that is not. */
function mendHead(
  fs: FileSystem,
  gitDir: string,
  at: { readonly refs: Refs; readonly isWhole: (oid: ObjectId) => boolean },
): void {
  const text = readIfThere(fs, join(gitDir, 'HEAD')) ?? '';
  if (text === UNBORN || (/^[0-9a-f]{40}\n$/.test(text) && at.isWhole(text.trimEnd() as ObjectId))) return;
  const prefix = 'refs/varve/builds/';
  const newest = [...at.refs.list(prefix)]
    .toSorted(([a], [b]) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .find(([, oid]) => at.isWhole(oid));
  if (newest !== undefined) return at.refs.setHead(newest[1] as CommitId);
  at.refs.clearHead();
}
