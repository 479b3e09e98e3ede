/**
 * Where recipes stood in builds, as a list beside builds.git tells: made of that, so that who asks of a thousand builds need
 * not read the trees of each. It is believed of a build only under the very commit that the build has, and answers ids of
 * directories, which are read from builds.git like all else.
 */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { byCodeUnit, type CommitId, type ObjectId } from '../terms/ids.ts';
import { standingsList } from '../terms/places.ts';
import type { RecipeName } from '../terms/revision.ts';
import { decodeRaw, encodeRaw, rawPath, shownPath } from '../trees/raw-text.ts';
import { openBuilds } from './builds.ts';
import { readIfThere, replaceFile } from './replace-file.ts';

/** The directory of a recipe in the tree of a build. */
export interface RecipeDirectory {
  readonly arch: string;
  readonly recipe: string;
  readonly oid: ObjectId;
  /** Whether it names an object; left out: who wants to know reads it. */
  readonly names?: (oid: ObjectId) => boolean;
  /** Tells its file `artifact`, '' where it has none; left out: who wants to know reads it. */
  readonly artifact?: () => string;
}

/** What is listed of the directory of a recipe. */
export interface ListedDirectory {
  /** The ids that it names. */
  readonly named: readonly ObjectId[];
  /** Its file `artifact`, '' where it has none. */
  readonly artifact: string;
}

/** Finds the directories of the recipes of a name; undefined where the list does not know the build. */
export type FindStanding = (build: CommitId, name: RecipeName) => readonly RecipeDirectory[] | undefined;

interface List {
  readonly builds: readonly CommitId[];
  /** By `ARCH/PN`, escaped. */
  readonly recipes: ReadonlyMap<string, string>;
}

/** In which builds, by their places in the list, a recipe had which directory, and which ids were named there. */
interface Recipe {
  readonly directories: Spans;
  readonly named: Spans;
  /** By directory, of those that have one, escaped. */
  readonly artifacts: ReadonlyMap<ObjectId, string>;
}

/** By id, first and last places in turn. */
type Spans = ReadonlyMap<ObjectId, readonly number[]>;

const HEAD = 'varve standings 3';
/** With its newline. */
const CHECKSUM = 41;
const EMPTY: List = { builds: [], recipes: new Map() };

/** Opens the list; where it is missing or damaged, it knows no build. */
export function openStandings(fs: FileSystem, gitDir: string): FindStanding {
  let opened: { readonly list: List; readonly places: ReadonlyMap<CommitId, number> } | undefined;
  const open = (): NonNullable<typeof opened> => {
    const list = readList(fs, gitDir);
    return { list, places: new Map(list.builds.map((commit, place) => [commit, place])) };
  };
  const known = new Map<string, readonly Named[]>();
  const recipesNamed = ({ recipes }: List, name: string): readonly Named[] => {
    const found = known.get(name) ?? findNamed(recipes, name);
    known.set(name, found);
    return found;
  };
  return (build, { arch, recipe }) => {
    opened ??= open();
    const place = opened.places.get(build);
    if (place === undefined) return undefined;
    return recipesNamed(opened.list, recipe).flatMap((each) => {
      const oid = each.byPlace.get(place);
      if (oid === undefined || each.arch !== (arch ?? each.arch)) return [];
      const names = (named: ObjectId): boolean => isWithin(each.named.get(named) ?? [], place);
      const artifact = (): string => shownPath(decodeRaw(each.artifacts.get(oid) ?? ''));
      return [{ arch: each.arch, recipe, oid, names, artifact }];
    });
  };
}

interface Named extends Pick<Recipe, 'named' | 'artifacts'> {
  readonly arch: string;
  readonly byPlace: ReadonlyMap<number, ObjectId>;
}

function findNamed(recipes: List['recipes'], name: string): readonly Named[] {
  const end = `/${encodeRaw(rawPath(name))}`;
  return [...recipes]
    .filter(([key]) => key.endsWith(end))
    .map(([key, lines]) => {
      const { directories, ...rest } = parseRecipe(lines);
      const byPlace = [...directories].flatMap(([oid, spans]) =>
        placesIn(spans).map((place) => [place, oid] as const),
      );
      return { arch: shownPath(decodeRaw(key.slice(0, -end.length))), byPlace: new Map(byPlace), ...rest };
    });
}

/** Lists all builds that there are now; what is listed of them is not read again, as far as none before them went. */
export function listStandings(
  fs: FileSystem,
  gitDir: string,
  listedOf: (objects: ObjectStore, directory: RecipeDirectory) => ListedDirectory,
): void {
  const { objects, all } = openBuilds({ fs, gitDir });
  const builds = all().map(({ commit }) => commit);
  const old = readList(fs, gitDir);
  const isGrown = old.builds.every((commit, place) => commit === builds[place]);
  if (isGrown && old.builds.length === builds.length) return;
  const known = isGrown ? old : EMPTY;
  const recipes = new Map([...known.recipes].map(([key, lines]) => [key, growing(parseRecipe(lines))]));
  const read = new Map<ObjectId, ListedDirectory>();
  for (const [place, commit] of builds.entries()) {
    if (place < known.builds.length) continue;
    for (const [key, directory] of directoriesOf(objects, commit)) {
      const recipe =
        recipes.get(key) ?? growing({ directories: new Map(), named: new Map(), artifacts: new Map() });
      recipes.set(key, recipe);
      const listed = read.get(directory.oid) ?? listedOf(objects, directory);
      read.set(directory.oid, listed);
      grow(recipe.directories, directory.oid, place);
      if (listed.artifact !== '') recipe.artifacts.set(directory.oid, encodeRaw(rawPath(listed.artifact)));
      for (const oid of new Set(listed.named)) grow(recipe.named, oid, place);
    }
  }
  const path = standingsList(gitDir);
  const lines = new Map([...recipes].map(([key, recipe]) => [key, formatRecipe(recipe)]));
  replaceFile(fs, { path, temporary: `${path}.new` }, encodeList({ builds, recipes: lines }));
}

type GrowingSpans = Map<ObjectId, number[]>;

function growing({ directories, named, artifacts }: Recipe): {
  readonly directories: GrowingSpans;
  readonly named: GrowingSpans;
  readonly artifacts: Map<ObjectId, string>;
} {
  const copied = (spans: Spans): GrowingSpans => new Map([...spans].map(([oid, ends]) => [oid, [...ends]]));
  return { directories: copied(directories), named: copied(named), artifacts: new Map(artifacts) };
}

function grow(spans: GrowingSpans, oid: ObjectId, place: number): void {
  const ends = spans.get(oid) ?? [];
  if (ends.at(-1) === place - 1) ends[ends.length - 1] = place;
  else ends.push(place, place);
  spans.set(oid, ends);
}

function isWithin(ends: readonly number[], place: number): boolean {
  for (let at = 0; at < ends.length; at += 2)
    if ((ends[at] ?? 0) <= place && place <= (ends[at + 1] ?? 0)) return true;
  return false;
}

function placesIn(ends: readonly number[]): readonly number[] {
  return ends.flatMap((first, at) =>
    at % 2 === 1 ? [] : Array.from({ length: (ends[at + 1] ?? first) - first + 1 }, (_, i) => first + i),
  );
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

/**
 * `directory <oid> 0 4 7 7`, then `named <oid> 0 7`, a line an id: first and last places in turn; then `artifact <oid> <text>`, escaped,
 * a line a directory.
 */
function formatRecipe({ directories, named, artifacts }: Recipe): string {
  const lines = (word: string, spans: Spans): readonly string[] =>
    [...spans].map(([oid, ends]) => `${word} ${oid} ${ends.join(' ')}\n`);
  const texts = [...artifacts].map(([oid, text]) => `artifact ${oid} ${text}\n`);
  return [...lines('directory', directories), ...lines('named', named), ...texts].join('');
}

function parseRecipe(lines: string): Recipe {
  const [directories, named]: [GrowingSpans, GrowingSpans] = [new Map(), new Map()];
  const artifacts = new Map<ObjectId, string>();
  for (const line of lines.split('\n')) {
    const [word, id, ...rest] = line.split(' ');
    const oid = id as ObjectId | undefined;
    if (oid === undefined) continue;
    if (word === 'artifact') artifacts.set(oid, rest[0] ?? '');
    else (word === 'named' ? named : directories).set(oid, rest.map(Number));
  }
  return { directories, named, artifacts };
}

/** Paragraphs: the builds, then a recipe each. The checksum of all before it ends the list. */
function encodeList({ builds, recipes }: List): string {
  const sorted = [...recipes].toSorted(([a], [b]) => byCodeUnit(a, b));
  const paragraphs = [
    `${HEAD}\n${builds.map((commit) => `${commit}\n`).join('')}`,
    ...sorted.map(([key, lines]) => `${key}\n${lines}`),
  ];
  const text = `${paragraphs.join('\n')}\n`;
  return `${text}${sha1(text)}\n`;
}

function readList(fs: FileSystem, gitDir: string): List {
  const bytes = readIfThere(fs, standingsList(gitDir)) ?? '';
  const text = bytes.slice(0, -CHECKSUM);
  if (bytes.slice(-CHECKSUM) !== `${sha1(text)}\n`) return EMPTY;
  const [builds = '', ...paragraphs] = text.slice(0, -1).split(/(?<=\n)\n/);
  const [head, ...commits] = builds.trimEnd().split('\n');
  if (head !== HEAD) return EMPTY;
  const recipes = paragraphs.map((paragraph) => {
    const end = paragraph.indexOf('\n');
    return [paragraph.slice(0, end), paragraph.slice(end + 1)] as const;
  });
  return { builds: commits as CommitId[], recipes: new Map(recipes) };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
