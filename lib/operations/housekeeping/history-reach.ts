/** What of a recipe's history is needed, for which builds. */
import { findRoots } from '../../history/find-roots.ts';
import type { History } from '../../history/history.ts';
import { createReach, type Reach } from '../../history/reach.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import type { RefChanges } from '../../history/refs.ts';
import { surveyObjects, type StoredObjects } from '../../history/survey-objects.ts';
import { planNames, type RecipeState } from '../../planning/plan-names.ts';
import type { ObjectId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import type { HistoryPlace } from '../record/list-histories.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

/** The builds that are kept, and those that are not; oldest first. */
export interface ChosenBuilds {
  readonly kept: readonly RecordedBuild[];
  readonly dropped: readonly RecordedBuild[];
}

/** A history, with what builds say of its recipe. */
export interface StatedHistory {
  readonly place: HistoryPlace;
  readonly history: History;
  readonly stored: StoredObjects;
  readonly names: ReadonlyMap<string, ObjectId>;
  /** How the recipe stands in a build; undefined where that build knows nothing of it. */
  state(build: RecordedBuild): RecipeState | undefined;
}

/** Opens all histories of the record. */
export function statedHistories(
  record: TheRecord,
  places: readonly HistoryPlace[],
): readonly StatedHistory[] {
  const { fs } = record.world;
  const states = new Map<string, Map<number, RecipeState>>();
  const read = new Map<ObjectId, RecipeState>();
  for (const build of record.builds) {
    for (const recipe of record.recipes(build)) {
      const key = `${recipe.arch}/${recipe.recipe}`;
      const state = read.get(recipe.oid) ?? stateOf(recipe);
      read.set(recipe.oid, state);
      states.set(key, (states.get(key) ?? new Map<number, RecipeState>()).set(build.n, state));
    }
  }
  return places.map((place) => {
    const history = record.makeHistory(place.arch, place.recipe);
    const own = states.get(`${place.arch}/${place.recipe}`);
    return {
      place,
      history,
      stored: surveyObjects(fs, place.gitDir),
      names: history.refs.list('refs/'),
      state: ({ n }) => own?.get(n),
    };
  });
}

const stateOf = (recipe: RecordedRecipe): RecipeState => ({
  tasks: recipe.tasks(),
  artifacts: recipe.artifacts(),
  work: recipe.work(),
});

/** How the names of a history change where these builds are kept and the others are not. */
export function changedNames(of: StatedHistory, { kept, dropped }: ChosenBuilds): RefChanges {
  const states = (builds: readonly RecordedBuild[]): readonly RecipeState[] =>
    builds.flatMap((build) => of.state(build) ?? []);
  return planNames({
    names: of.names,
    builds: kept.map(({ n }) => n),
    kept: states(kept),
    dropped: states(dropped),
  });
}

/** Reaches all that is needed where these builds are kept; bytes so far, and the way to add another build's. */
export function reachOf(
  record: TheRecord,
  of: StatedHistory,
  chosen: ChosenBuilds,
): { readonly reach: Reach; readonly bytes: number; add(build: RecordedBuild): number } {
  const { fs } = record.world;
  const { history, place } = of;
  const reach = createReach(fs, { ...history, gitDir: place.gitDir }, of.stored);
  const changes = changedNames(of, chosen);
  const add = (build: RecordedBuild): number => {
    const stood = of.names.get(refs.build(build.n));
    return reach.add([...rootsOf(of.state(build)), ...(stood === undefined ? [] : [stood])]);
  };
  const named = [...of.names]
    .filter(([name]) => !isOfNotes(name) && !changes.has(name))
    .map(([, oid]) => oid);
  const moved = [...changes.values()].filter((oid) => oid !== undefined);
  const bytes = reach.add([...named, ...moved, ...findRoots(fs, place.gitDir)]);
  return { reach, add, bytes: chosen.kept.reduce((sum, build) => sum + add(build), bytes) };
}

/** They are reached from the commits that they are on. */
const isOfNotes = (name: string): boolean =>
  (['runs', 'logs', 'times'] as const).some((kind) => refs.notes(kind) === name);

function rootsOf(state: RecipeState | undefined): readonly ObjectId[] {
  if (state === undefined) return [];
  const { tasks, artifacts, work } = state;
  return [
    ...tasks.flatMap(({ commit }) => commit ?? []),
    ...artifacts.map(({ tree }) => tree),
    ...(work === undefined ? [] : [work]),
  ];
}
