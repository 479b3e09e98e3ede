import type { Commit, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { refs as refNames } from '../terms/places.ts';
import type { Refs } from './refs.ts';

export const NOTE_KINDS = ['runs', 'logs', 'times'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** What is told of commits without changing them: `git notes --ref=runs show` reads it. */
export interface Notes {
  read(kind: NoteKind, commit: CommitId): Buffer | undefined;
  /** Reads many, as they are by now. */
  reader(kind: NoteKind): (commit: CommitId) => Buffer | undefined;
  /** Sets the notes of commits, with one notes commit for all. */
  set(kind: NoteKind, notes: ReadonlyMap<CommitId, Uint8Array | string>): void;
  /** The text of every note, by the commit that it is on. */
  list(kind: NoteKind): ReadonlyMap<ObjectId, ObjectId>;
  /**
   * Writes a notes commit with these notes only, and without what they were before; the caller names it. Undefined
   * where that is what there is.
   */
  reduce(kind: NoteKind, isKept: (commit: ObjectId) => boolean): CommitId | undefined;
}

/** More notes than this are spread over directories by the first two digits, as git does. */
const FLAT_LIMIT = 256;

/** Opens the notes of a history; `seconds` is the time that new notes commits carry. */
export function openNotes(
  objects: ObjectStore,
  refs: Refs,
  options: { readonly author: string; readonly seconds: () => number },
): Notes {
  const headOf = (kind: NoteKind): CommitId | undefined =>
    refs.read(refNames.notes(kind)) as CommitId | undefined;
  const root = (kind: NoteKind): readonly TreeEntry[] => {
    const head = headOf(kind);
    return head === undefined ? [] : objects.readTree(objects.readCommit(head).tree);
  };
  const reader: Notes['reader'] = (kind) => {
    const top = new Map(root(kind).map((entry) => [entry.name, entry]));
    return (commit) => {
      const oid = find(objects, (name) => top.get(name), commit);
      return oid === undefined ? undefined : objects.readBlob(oid);
    };
  };
  const write = (
    kind: NoteKind,
    all: ReadonlyMap<string, ObjectId>,
    parents: readonly CommitId[],
  ): CommitId => {
    const commit: Commit = {
      tree: objects.writeTree(arrange(objects, all)),
      parents,
      message: messageOf(kind),
      author: options.author,
      time: options.seconds(),
    };
    return objects.writeCommit(commit);
  };
  const set: Notes['set'] = (kind, notes) => {
    if (notes.size === 0) return;
    const head = headOf(kind);
    const oid = objects.batch(() => {
      const all = collect(objects, root(kind), '');
      for (const [commit, content] of notes) all.set(commit, objects.writeBlob(Buffer.from(content)));
      return write(kind, all, head === undefined ? [] : [head]);
    });
    refs.write(refNames.notes(kind), oid);
  };
  return {
    read: (kind, commit) => reader(kind)(commit),
    reader,
    set,
    list: (kind) => collect(objects, root(kind), '') as Map<ObjectId, ObjectId>,
    reduce: (kind, isKept) => {
      const head = headOf(kind);
      if (head === undefined) return undefined;
      const all = collect(objects, root(kind), '');
      const kept = new Map([...all].filter(([commit]) => isKept(commit as ObjectId)));
      const isAsItIs = kept.size === all.size && objects.readCommit(head).parents.length === 0;
      return isAsItIs ? undefined : objects.batch(() => write(kind, kept, []));
    },
  };
}

const messageOf = (kind: NoteKind): string => `Notes on ${kind}\n`;

/** What the commit of this message holds notes on; undefined for any other. */
export function notesKind(message: string): NoteKind | undefined {
  return NOTE_KINDS.find((kind) => message === messageOf(kind));
}

/** A note as its ref has it. */
export interface ListedNote {
  readonly on: ObjectId;
  readonly text: ObjectId;
}

/** Lists the notes of a notes commit; passes over trees that `isThere` says no to. */
export function listNotes(
  objects: ObjectStore,
  head: ObjectId,
  isThere: (tree: ObjectId) => boolean,
): readonly ListedNote[] {
  const visit = (tree: ObjectId, prefix: string): readonly ListedNote[] =>
    objects.readTree(tree).flatMap(({ mode, name, oid }) => {
      if (mode !== GIT_MODE.directory) return [{ on: (prefix + name) as ObjectId, text: oid }];
      return isThere(oid) ? visit(oid, prefix + name) : [];
    });
  return visit(objects.readCommit(head).tree, '');
}

/** Finds the note on a commit, over however many directories of two digits the notes are spread. */
function find(
  objects: ObjectStore,
  entryNamed: (name: string) => TreeEntry | undefined,
  rest: string,
): ObjectId | undefined {
  const note = entryNamed(rest);
  if (note !== undefined && note.mode !== GIT_MODE.directory) return note.oid;
  const directory = entryNamed(rest.slice(0, 2));
  if (directory?.mode !== GIT_MODE.directory) return undefined;
  const entries = objects.readTree(directory.oid);
  return find(objects, (name) => entries.find((each) => each.name === name), rest.slice(2));
}

function collect(objects: ObjectStore, entries: readonly TreeEntry[], prefix: string): Map<string, ObjectId> {
  const all = new Map<string, ObjectId>();
  for (const entry of entries) {
    if (entry.mode !== GIT_MODE.directory) all.set(prefix + entry.name, entry.oid);
    else
      for (const [name, oid] of collect(objects, objects.readTree(entry.oid), prefix + entry.name))
        all.set(name, oid);
  }
  return all;
}

function arrange(objects: ObjectStore, all: ReadonlyMap<string, ObjectId>): readonly TreeEntry[] {
  const blob = (name: string, oid: ObjectId): TreeEntry => ({ name, mode: GIT_MODE.file, oid });
  if (all.size <= FLAT_LIMIT) return [...all].map(([name, oid]) => blob(name, oid));
  const fans = new Map<string, TreeEntry[]>();
  for (const [name, oid] of all) {
    const fan = fans.get(name.slice(0, 2)) ?? [];
    fan.push(blob(name.slice(2), oid));
    fans.set(name.slice(0, 2), fan);
  }
  return [...fans].map(([name, entries]) => ({
    name,
    mode: GIT_MODE.directory,
    oid: objects.writeTree(entries),
  }));
}
