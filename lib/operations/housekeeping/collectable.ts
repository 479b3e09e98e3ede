/** A repository of the record, and what of it is needed for the builds that are kept. */
import { openBuilds } from '../../history/builds.ts';
import { dropBuilds } from '../../history/drop-builds.ts';
import { findRoots } from '../../history/find-roots.ts';
import type { History } from '../../history/history.ts';
import { NOTE_KINDS, type NoteKind } from '../../history/notes.ts';
import { createReach, type Reach } from '../../history/reach.ts';
import type { RefChanges, Refs } from '../../history/refs.ts';
import { surveyObjects } from '../../history/survey-objects.ts';
import type { CommitId } from '../../terms/ids.ts';
import { buildsRepository, refs as refNames } from '../../terms/places.ts';
import { findLostNames, tellAgain } from './lost-names.ts';
import { changedNames, reachOf, type ChosenBuilds, type StatedHistory } from './history-reach.ts';
import type { TheRecord } from '../record/open-record.ts';

export interface Collectable {
  readonly gitDir: string;
  readonly refs: Refs;
  readonly reach: Reach;
  /** Writes what names are to lead to when the builds are dropped; answers how they change. */
  rename(): RefChanges;
}

/** Of a recipe's history. */
export function collectableHistory(record: TheRecord, of: StatedHistory, chosen: ChosenBuilds): Collectable {
  const { notes, refs } = of.history;
  const { reach } = reachOf(record, of, chosen);
  const lost = findLostNames(of, reach);
  reach.add(lost.edits);
  for (const kind of NOTE_KINDS) {
    const head = settledNotes(of.history, kind, reach);
    if (head !== undefined) reach.add([head]);
  }
  return {
    gitDir: of.place.gitDir,
    refs,
    reach,
    rename: () => {
      const changes = new Map(changedNames(of, chosen));
      const newest = newestEdits(of.names.keys());
      for (const [i, commit] of lost.edits.entries()) changes.set(refNames.edited(newest + i + 1), commit);
      tellAgain(of.history, lost, reach);
      for (const kind of NOTE_KINDS) {
        const head = notes.reduce(kind, (commit) => reach.has(commit));
        if (head !== undefined) changes.set(refNames.notes(kind), head);
      }
      return changes;
    },
  };
}

/** The greatest number in `edited@<n>`; 0 where there is none. */
function newestEdits(names: Iterable<string>): number {
  const prefix = refNames.allEdited;
  const numbers = [...names]
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)));
  return Math.max(0, ...numbers);
}

/** The notes commit that stays as it is. */
function settledNotes({ notes, objects, refs }: History, kind: NoteKind, reach: Reach): CommitId | undefined {
  const head = refs.read(refNames.notes(kind)) as CommitId | undefined;
  if (head === undefined || objects.readCommit(head).parents.length > 0) return undefined;
  return [...notes.list(kind).keys()].every((commit) => reach.has(commit)) ? head : undefined;
}

/** Of builds.git; none where nothing was built yet. */
export function collectableBuilds(
  { world, places, builds }: TheRecord,
  { kept, dropped }: ChosenBuilds,
): readonly Collectable[] {
  if (builds.length === 0) return [];
  const gitDir = buildsRepository(places);
  const { objects, refs } = openBuilds({ fs: world.fs, gitDir });
  const reach = createReach(world.fs, { gitDir, objects }, surveyObjects(world.fs, gitDir));
  // Commits are written anew where those before them go.
  reach.add(kept.map(({ tree, commit }) => (dropped.length === 0 ? commit : tree)));
  const numbers = new Set(kept.map(({ n }) => n));
  return [
    { gitDir, refs, reach, rename: () => dropBuilds(objects, refs.list('refs/'), (n) => numbers.has(n)) },
  ];
}

/** Reaches what names, and a person's git, lead to now. */
export function reachNames({ fs }: TheRecord['world'], { gitDir, refs, reach }: Collectable): void {
  reach.add([...refs.list('refs/').values(), ...findRoots(fs, gitDir)]);
}
