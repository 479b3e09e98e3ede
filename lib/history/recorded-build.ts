import type { ObjectStore } from '../ports/objects.ts';
import type { Counts } from '../terms/events.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { parseCounts } from './build-counts.ts';
import { readTrailers } from './task-commits.ts';

/** One build of the record. */
export interface RecordedBuild {
  readonly n: number;
  readonly commit: CommitId;
  readonly tree: TreeId;
  readonly ok: boolean;
  readonly interrupted: boolean;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly name: string | undefined;
  /** What came of its tasks. */
  readonly counts: Counts | undefined;
  /** Recipes that it built with a person's edits. */
  readonly edited: readonly string[];
  /** What it was asked, and with what: the file `build`. */
  readonly asked: () => string;
}

/** Tells of a build. Its commit is read when something is asked that it says: most questions need few of a thousand. */
export function recordedBuild(objects: ObjectStore, n: number, id: CommitId): RecordedBuild {
  let read: Said | undefined;
  const said = (): Said => (read ??= saidBy(objects, id));
  return {
    n,
    commit: id,
    get tree() {
      return said().tree;
    },
    get ok() {
      return said().ok;
    },
    get interrupted() {
      return said().interrupted;
    },
    get time() {
      return said().time;
    },
    get name() {
      return said().name;
    },
    get counts() {
      return said().counts;
    },
    get edited() {
      return said().edited;
    },
    asked: () => {
      const file = objects.readTree(said().tree).find(({ name }) => name === 'build');
      return file === undefined ? '' : objects.readBlob(file.oid).toString('utf8');
    },
  };
}

type Said = Omit<RecordedBuild, 'n' | 'commit' | 'asked'>;

function saidBy(objects: ObjectStore, id: CommitId): Said {
  const { tree, time, message } = objects.readCommit(id);
  const trailers = readTrailers(message);
  const result = trailers.get('Result');
  return {
    tree,
    ok: result === 'ok',
    interrupted: result === 'interrupted',
    time: time * 1000,
    name: trailers.get('Name'),
    counts: parseCounts(trailers.get('Tasks') ?? ''),
    edited: trailers.get('Edited')?.split(' ') ?? [],
  };
}
