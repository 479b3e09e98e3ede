import { join } from 'node:path';
import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { CommitId, StepKey, TreeId } from '../terms/ids.ts';
import { jottedNotes, lastLook } from '../terms/places.ts';
import { artifactTree } from '../trees/artifact-tree.ts';
import { rawPath } from '../trees/raw-text.ts';
import { type JottingNotes, jottingNotes } from './jotted-notes.ts';
import { linkFile } from './link-file.ts';
import { type Hands, handsOf, type Materialised } from './materialise.ts';
import { openNotes } from './notes.ts';
import { openObjectStore } from './object-store.ts';
import { applied, asPatchCommit, type PatchCommit } from './patch-commits.ts';
import { openRefs, type Refs } from './refs.ts';
import { readIfThere, replaceFile } from './replace-file.ts';
import { createRepository, writeExcludes } from './repository.ts';
import type { Unrecordable } from './scan-directory.ts';
import { AUTHOR, asTaskCommit, type NewCommit, type TaskCommit, writeCommit } from './task-commits.ts';
import { type ToldRuns, toldRuns } from './told-runs.ts';
import { wholeness } from './wholeness.ts';
import { openWorkplace, type OwnersHere, type Scope, type Snapshot, type Workplace } from './workplace.ts';

export interface HistoryOptions extends Hands {
  readonly fs: FileSystem;
  readonly gitDir: string;
  readonly workdir: string;
  /** Milliseconds since the epoch: dates the commits of notes, nothing else. */
  readonly now: () => number;
  /** Bytes that are left on the disk: where told, large new packs wait for a quiet time to be compressed. */
  readonly room?: () => number;
}

/** The record of one recipe's WORKDIR. */
export interface History {
  readonly gitDir: string;
  readonly workdir: string;
  readonly objects: ObjectStore;
  readonly refs: Refs;
  readonly notes: JottingNotes;
  readonly runs: ToldRuns;
  /** Records the WORKDIR; counts changes against `parent`, or HEAD where it is left out. */
  snapshot(scope: Scope, parent?: CommitId): Snapshot;
  /** The tree of the WORKDIR, which must be there, where it is another than HEAD says. Writes nothing. */
  changed(scope: Scope): TreeId | undefined;
  /** Makes the WORKDIR exactly what a commit says, and sets HEAD. */
  checkout(commit: CommitId, scope: Scope): Materialised;
  /** Of what is in the WORKDIR. */
  readonly owners: OwnersHere;
  /** Whether everything that a commit leads to is there. */
  holds(commit: CommitId): boolean;
  /** Whether the WORKDIR is what a checkout leaves that was cut off on its way from HEAD. */
  isHalfMoved(scope: Scope, to: CommitId | undefined): boolean;
  /** What is in the WORKDIR and no commit can hold: what removes it tells of it. */
  unrecordable(scope: Scope): readonly Unrecordable[];
  /** Removes sockets and devices that a snapshot found; answers a warning of each that was found. */
  discard: Workplace['discard'];
  /** Takes the WORKDIR for empty: HEAD stands at no commit. */
  forgetWorkdir(scope: Scope): void;
  /** Another directory with its states recorded here: that of the tasks after do_install. */
  beside(name: string, dir: string): Workplace;
  /** Writes a commit; the caller names it by refs once its notes are written. */
  commit(commit: NewCommit): CommitId;
  /** Reads a commit as one that a task left; undefined where it is another. */
  readTask(commit: CommitId): TaskCommit | undefined;
  /** Reads a commit as that of a patch; undefined where it is another. */
  readPatch(commit: CommitId): PatchCommit | undefined;
  /** The patches that a task applied, oldest first, and the commit that it started from. */
  applied(commit: CommitId): ReturnType<typeof applied>;
  /** Finds a success of this task (with its `do_`) that had the same step key. */
  findRepeat(task: string, step: StepKey): TaskCommit | undefined;
  setHead(commit: CommitId): void;
  /** Makes the WORKDIR a git working tree. */
  link(): void;
  /** Hides the history from the WORKDIR, while a task runs. */
  unlink(): void;
  /** The artifact in a task's tree. */
  artifactTree(tree: TreeId, image: string): TreeId;
  /** Where the WORKDIR was when its tasks ran; undefined before the first. */
  recordedWorkdir(): string | undefined;
  /** Records where the WORKDIR is now. */
  recordWorkdir(): void;
}

/** Opens the history behind a WORKDIR and sets it up where there is none. */
export function openHistory(options: HistoryOptions): History {
  const { fs, gitDir, workdir, room } = options;
  createRepository(fs, gitDir, { bare: false });
  const objects = openObjectStore(fs, gitDir, { room });
  const refs = openRefs(fs, gitDir);
  const notes = jottingNotes(
    openNotes(objects, refs, { author: AUTHOR, seconds: () => Math.floor(options.now() / 1000) }),
    fs,
    jottedNotes(gitDir),
  );
  const link = linkFile(fs, workdir, gitDir);
  let opened: Workplace | undefined;
  // Most histories of a build are only read.
  const workplace = (): Workplace => {
    opened ??= openWorkplace({
      ...workplaceOptions(options, { objects, notes }),
      dir: workdir,
      cache: {
        ...lastLook(gitDir),
        owners: join(gitDir, 'varve', 'owners'),
      },
      standing: () => refs.head(),
      onHidden: ({ exclude }, paths) => writeExcludes(fs, gitDir, [...exclude.map(rawPath), ...paths]),
    });
    return opened;
  };
  const readTask = (commit: CommitId): TaskCommit | undefined =>
    asTaskCommit(commit, objects.readCommit(commit));
  return {
    gitDir,
    workdir,
    objects,
    refs,
    notes,
    runs: toldRuns(gitDir, notes),
    snapshot: (scope, parent) => workplace().snapshot(scope, parent ?? refs.head()),
    changed: (scope) => workplace().changed(scope, refs.head()),
    checkout: (commit, scope) => {
      const done = workplace().checkout(commit, scope);
      refs.setHead(commit);
      return done;
    },
    get owners() {
      return workplace().owners;
    },
    holds: (commit) => wholeness(objects)(commit),
    isHalfMoved: (scope, to) => workplace().isHalfMoved(scope, { from: refs.head(), to }),
    unrecordable: (scope) => workplace().unrecordable(scope),
    discard: (special) => workplace().discard(special),
    forgetWorkdir: (scope) => {
      refs.clearHead();
      workplace().forget(scope);
    },
    beside: (name, dir) => besideOf(options, { objects, notes, name, dir }),
    commit: (commit) => writeCommit(objects, commit),
    readTask,
    readPatch: (commit) => asPatchCommit(commit, objects.readCommit(commit)),
    applied: (commit) => applied(objects, commit),
    findRepeat: (task, step) => findRepeat({ refs, readTask }, task, step),
    setHead: (commit) => refs.setHead(commit),
    link: () => link.put(),
    unlink: () => link.remove(),
    artifactTree: (tree, image) => artifactTree(objects, tree, rawPath(image)),
    ...workdirRecord(options),
  };
}

type Stores = Pick<History, 'objects' | 'notes'>;

function workplaceOptions(
  options: HistoryOptions,
  { objects, notes }: Stores,
): Stores & Hands & Pick<HistoryOptions, 'fs' | 'gitDir' | 'now'> {
  const { fs, gitDir, now } = options;
  return { fs, gitDir, now, objects, notes, ...handsOf(options) };
}

function besideOf(
  options: HistoryOptions,
  at: Stores & { readonly name: string; readonly dir: string },
): Workplace {
  const cacheDir = join(options.gitDir, 'varve');
  return openWorkplace({
    ...workplaceOptions(options, at),
    dir: at.dir,
    cache: {
      index: join(cacheDir, `${at.name}.index`),
      directories: join(cacheDir, `${at.name}.directories`),
      owners: join(cacheDir, `${at.name}.owners`),
    },
    standing: () => undefined,
    onHidden: () => {},
  });
}

function findRepeat(
  history: Pick<History, 'refs' | 'readTask'>,
  task: string,
  step: StepKey,
): TaskCommit | undefined {
  for (const [name, commit] of history.refs.list(`refs/tags/${task}@`)) {
    if (name.endsWith('@failed')) continue;
    const found = history.readTask(commit as CommitId);
    if (found?.step === step) return found;
  }
  return undefined;
}

function workdirRecord({
  fs,
  gitDir,
  workdir,
}: HistoryOptions): Pick<History, 'recordedWorkdir' | 'recordWorkdir'> {
  const path = `${gitDir}/varve/workdir`;
  const recordedWorkdir = (): string | undefined => readIfThere(fs, path)?.trimEnd();
  return {
    recordedWorkdir,
    recordWorkdir: () => {
      if (recordedWorkdir() !== workdir) replaceFile(fs, { path, temporary: `${path}.new` }, `${workdir}\n`);
    },
  };
}
