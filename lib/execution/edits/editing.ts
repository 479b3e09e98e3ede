/** A person's edits that builds go on with, until they are dropped. */
import { readTrailers } from '../../history/task-commits.ts';
import { splitTaskId, type CommitId, type Signature, type TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { resultsBelow } from './results-below.ts';
import type { Site } from '../workdir/site.ts';

export interface Editing {
  /** The first task that goes on from them. */
  readonly from: string;
  readonly commit: CommitId;
  readonly tree: TreeId;
}

/** Reads which edits are in force. */
export function readEditing(site: Site): Editing | undefined {
  if (!site.hasHistory()) return undefined;
  const { refs: named, objects } = site.history();
  const id = named.read(refs.editing);
  if (id === undefined) return undefined;
  const { tree, parents, message } = objects.readCommit(id);
  const from = readTrailers(message).get('From');
  const [commit] = parents;
  return commit === undefined || from === undefined ? undefined : { from, commit, tree };
}

/** Puts edits in force. */
export function writeEditing(site: Site, { from, commit, tree }: Editing): void {
  const history = site.history();
  const subject = `editing: ${site.title}`;
  const trailers = [['From', from]] as const;
  history.refs.write(
    refs.editing,
    history.commit({ tree, parents: [commit], subject, trailers, time: site.epoch }),
  );
}

/** Under which signatures tasks had made, without edits, what a commit stands on. */
export function madeOn(site: Site, commit: CommitId): ReadonlyMap<string, Signature> {
  const plain = resultsBelow(site, commit).filter(({ edited }) => !edited);
  // Oldest first, so that the newest of a task stays.
  return new Map(plain.toReversed().map(({ task, signature }) => [splitTaskId(task).task, signature]));
}
