/** A person's edits in a WORKDIR: kept in the record before anything is put back. */
import type { CommitId, TreeId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { EditsInForce } from './sign-tasks.ts';
import type { Site } from './site.ts';

export interface SavedEdits {
  /** The number in `edited@<n>`. */
  readonly number: number;
  readonly commit: CommitId;
  readonly tree: TreeId;
}

/** Commits the WORKDIR as `edited@<n>` if it differs from its last commit. */
export function saveEdits(site: Site): SavedEdits | undefined {
  const history = site.history();
  const head = history.refs.head();
  if (!history.differs(site.scope)) return undefined;
  const { tree, times } = history.snapshot(site.scope);
  const number = nextNumber(site);
  const commit = history.commit({
    tree,
    parents: head === undefined ? [] : [head],
    subject: `edited: ${site.title}`,
    trailers: [['Edited', 'yes']],
    time: site.epoch,
  });
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(refs.edited(number), commit);
  history.refs.setHead(commit);
  return { number, commit, tree };
}

function nextNumber(site: Site): number {
  const prefix = refs.edited(0).slice(0, -1);
  const numbers = [...site.history().refs.list(prefix).keys()].map((name) =>
    Number(name.slice(prefix.length)),
  );
  return Math.max(0, ...numbers.filter(Number.isInteger)) + 1;
}

/** Edits that builds go on with, and the commit that the first task goes on from. */
export interface Editing extends EditsInForce {
  readonly commit: CommitId;
}

/** Reads which edits are in force. */
export function readEditing(site: Site): Editing | undefined {
  if (!site.hasHistory()) return undefined;
  const { refs: named, objects } = site.history();
  const id = named.read(refs.editing);
  if (id === undefined) return undefined;
  const { tree, parents, message } = objects.readCommit(id);
  const trailer = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1];
  const [commit] = parents;
  const from = trailer('From');
  if (commit === undefined || from === undefined) return undefined;
  return { from, tree, commit, standsOn: trailer('Stands-On') ?? '' };
}

/** Puts edits in force: builds go on with them until they are finished or dropped. */
export function writeEditing(site: Site, editing: Editing): void {
  const history = site.history();
  const commit = history.commit({
    tree: editing.tree,
    parents: [editing.commit],
    subject: `editing: ${site.title}`,
    trailers: [
      ['From', editing.from],
      ['Stands-On', editing.standsOn ?? ''],
    ],
    time: site.epoch,
  });
  history.refs.write(refs.editing, commit);
}
