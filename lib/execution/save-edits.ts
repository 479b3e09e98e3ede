/** A person's edits in a WORKDIR: kept in the record before anything is put back. */
import type { TaskCommit } from '../history/task-commits.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { EditsInForce } from './sign-tasks.ts';
import type { Site } from './site.ts';

export interface SavedEdits {
  /** The number in `edited@<n>`. */
  readonly number: number;
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** The result, or failure, that was changed; absent where there was none. */
  readonly madeOn?: TaskCommit;
}

/** Commits the WORKDIR as `edited@<n>` if it differs from its last commit; finds it there if it was kept before. */
export function saveEdits(site: Site): SavedEdits | undefined {
  const history = site.history();
  const head = history.refs.head();
  if (!history.differs(site.scope)) return keptEdits(site);
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
  return { number, commit, tree, ...madeOn(site, head) };
}

/** Tells whether the WORKDIR shows edits, kept or not; writes nothing. */
export function hasEdits(site: Site): boolean {
  return site.history().differs(site.scope) || keptEdits(site) !== undefined;
}

/** The edits that HEAD stands on: no task ran since they were kept. */
function keptEdits(site: Site): SavedEdits | undefined {
  const { refs: named, objects } = site.history();
  const head = named.head();
  const number = head === undefined ? undefined : keptNumbers(site).get(head);
  if (head === undefined || number === undefined) return undefined;
  const { tree, parents } = objects.readCommit(head);
  return { number, commit: head, tree, ...madeOn(site, parents[0]) };
}

function keptNumbers(site: Site): ReadonlyMap<string, number> {
  const prefix = refs.edited(0).slice(0, -1);
  return new Map(
    [...site.history().refs.list(prefix)].map(([name, commit]) => [
      commit,
      Number(name.slice(prefix.length)),
    ]),
  );
}

function nextNumber(site: Site): number {
  return Math.max(0, ...[...keptNumbers(site).values()].filter(Number.isInteger)) + 1;
}

/** The nearest commit of a task at or below `commit`. */
function madeOn(site: Site, commit: CommitId | undefined): Pick<SavedEdits, 'madeOn'> {
  const history = site.history();
  for (let at = commit; at !== undefined; at = history.objects.readCommit(at).parents[0]) {
    const task = history.readTask(at);
    if (task !== undefined) return { madeOn: task };
  }
  return {};
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
