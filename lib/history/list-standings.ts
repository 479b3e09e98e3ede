/** Makes the list beside builds.git of where recipes stood. */
import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { standingsList } from '../terms/places.ts';
import { encodeRaw, rawPath, shownPath } from '../trees/raw-text.ts';
import { openBuilds } from './builds.ts';
import { replaceFile } from './replace-file.ts';
import type { RecipeDirectory } from './standings.ts';
import {
  EMPTY,
  encodeList,
  formatRecipe,
  openList,
  parseRecipe,
  type Recipe,
  type Spans,
} from './standings-text.ts';

/** What is listed of the directory of a recipe. */
export interface ListedDirectory {
  /** The lines of its file `tasks`: a task, its signature, and the commit that it stands on or `-`. */
  readonly tasks: readonly string[];
  /** Of its artifacts. */
  readonly trees: readonly ObjectId[];
  /** Its file `artifact`, '' where it has none. */
  readonly artifact: string;
}

/** Lists all builds that there are now; what is listed of them is not read again, as far as none before them went. */
export function listStandings(
  fs: FileSystem,
  gitDir: string,
  listedOf: (objects: ObjectStore, directory: RecipeDirectory) => ListedDirectory,
): void {
  const { objects, all } = openBuilds({ fs, gitDir });
  const commits = all().map(({ commit }) => commit);
  const old = openList(fs, gitDir);
  const isGrown = old.builds.every(({ commit }, place) => commit === commits[place]);
  if (isGrown && old.builds.length === commits.length) return;
  const known = isGrown ? old : EMPTY;
  const builds = commits.map((commit, place) => ({
    commit,
    time: known.builds[place]?.time ?? objects.readCommit(commit).time,
  }));
  const recipes = new Map([...known.recipes()].map(([key, lines]) => [key, growing(parseRecipe(lines))]));
  const read = new Map<ObjectId, ListedDirectory>();
  for (const [place, commit] of commits.entries()) {
    if (place < known.builds.length) continue;
    for (const [key, directory] of directoriesOf(objects, commit)) {
      const recipe =
        recipes.get(key) ??
        growing({ directories: new Map(), trees: new Map(), tasks: new Map(), artifacts: new Map() });
      recipes.set(key, recipe);
      const listed = read.get(directory.oid) ?? listedOf(objects, directory);
      read.set(directory.oid, listed);
      grow(recipe.directories, directory.oid, place);
      if (listed.artifact !== '') recipe.artifacts.set(directory.oid, encodeRaw(rawPath(listed.artifact)));
      for (const oid of new Set(listed.trees)) grow(recipe.trees, oid, place);
      for (const line of listed.tasks) grow(recipe.tasks, line, place);
    }
  }
  const path = standingsList(gitDir);
  const lines = new Map([...recipes].map(([key, recipe]) => [key, formatRecipe(recipe)]));
  replaceFile(fs, { path, temporary: `${path}.new` }, encodeList({ builds, recipes: lines }));
}

type GrowingSpans = Map<string, number[]>;

type GrowingRecipe = { readonly [Part in 'directories' | 'trees' | 'tasks']: GrowingSpans } & {
  readonly artifacts: Map<string, string>;
};

function growing({ directories, trees, tasks, artifacts }: Recipe): GrowingRecipe {
  const copied = (spans: Spans): GrowingSpans => new Map([...spans].map(([key, ends]) => [key, [...ends]]));
  return {
    directories: copied(directories),
    trees: copied(trees),
    tasks: copied(tasks),
    artifacts: new Map(artifacts),
  };
}

function grow(spans: GrowingSpans, what: string, place: number): void {
  const ends = spans.get(what) ?? [];
  if (ends.at(-1) === place - 1) ends[ends.length - 1] = place;
  else ends.push(place, place);
  spans.set(what, ends);
}

/** By `ARCH/PN`, escaped. */
function directoriesOf(objects: ObjectStore, build: CommitId): ReadonlyMap<string, RecipeDirectory> {
  const directories = (oid: ObjectId) =>
    objects.readTree(oid).filter(({ mode }) => mode === GIT_MODE.directory);
  return new Map(
    directories(objects.readCommit(build).tree).flatMap((arch) =>
      directories(arch.oid).map(
        ({ name, oid }) =>
          [
            `${encodeRaw(arch.name)}/${encodeRaw(name)}`,
            { arch: shownPath(arch.name), recipe: shownPath(name), oid },
          ] as const,
      ),
    ),
  );
}
