/**
 * Where recipes stood in builds, as a list beside builds.git tells: made of that, so that who asks of a thousand builds need
 * not read the trees of each. It is believed of a build only under the very commit that the build has, and answers ids of
 * directories, which are read from builds.git like all else.
 */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
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
}

/** Finds the directories of the recipes of a name; undefined where the list does not know the build. */
export type FindStanding = (build: CommitId, name: RecipeName) => readonly RecipeDirectory[] | undefined;

interface List {
  readonly builds: readonly CommitId[];
  /** By `ARCH/PN`, escaped, what it was from which build on, by its place: lines `17 <oid>`, or `17 -`; oldest first. */
  readonly changes: ReadonlyMap<string, string>;
}

const HEAD = 'varve standings 1';
const DIRECTORY = 0o40000;
/** With its newline. */
const CHECKSUM = 41;
const EMPTY: List = { builds: [], changes: new Map() };

/** Opens the list; where it is missing or damaged, it knows no build. */
export function openStandings(fs: FileSystem, gitDir: string): FindStanding {
  let opened: { readonly list: List; readonly places: ReadonlyMap<CommitId, number> } | undefined;
  const open = (): NonNullable<typeof opened> => {
    const list = readList(fs, gitDir);
    return { list, places: new Map(list.builds.map((commit, place) => [commit, place])) };
  };
  const named = new Map<string, readonly Line[]>();
  const linesOf = ({ changes }: List, recipe: string): readonly Line[] => {
    const lines = named.get(recipe) ?? linesNamed(changes, recipe);
    named.set(recipe, lines);
    return lines;
  };
  return (build, { arch, recipe }) => {
    opened ??= open();
    const place = opened.places.get(build);
    if (place === undefined) return undefined;
    return linesOf(opened.list, recipe).flatMap((line) => {
      const oid = line.changes.findLast(({ since }) => since <= place)?.oid;
      return oid === undefined || line.arch !== (arch ?? line.arch) ? [] : [{ arch: line.arch, recipe, oid }];
    });
  };
}

/** Lists all builds that there are now; what is listed of them is not read again, as far as none before them went. */
export function listStandings(fs: FileSystem, gitDir: string): void {
  const { objects, all } = openBuilds({ fs, gitDir });
  const builds = all().map(({ commit }) => commit);
  const old = readList(fs, gitDir);
  const isGrown = old.builds.every((commit, place) => commit === builds[place]);
  if (isGrown && old.builds.length === builds.length) return;
  const known = isGrown ? old : EMPTY;
  const changes = new Map(known.changes);
  const standing = new Map([...changes].map(([key, lines]) => [key, parseChanges(lines).at(-1)?.oid]));
  for (const [place, commit] of builds.entries()) {
    if (place < known.builds.length) continue;
    const directories = directoriesOf(objects, commit);
    for (const key of new Set([...standing.keys(), ...directories.keys()])) {
      const oid = directories.get(key);
      if (oid === standing.get(key)) continue;
      standing.set(key, oid);
      changes.set(key, `${changes.get(key) ?? ''}${place} ${oid ?? '-'}\n`);
    }
  }
  const path = standingsList(gitDir);
  replaceFile(fs, { path, temporary: `${path}.new` }, encodeList({ builds, changes }));
}

/** By `ARCH/PN`, escaped. */
function directoriesOf(objects: ObjectStore, build: CommitId): ReadonlyMap<string, ObjectId> {
  const directories = (oid: ObjectId) => objects.readTree(oid).filter(({ mode }) => mode === DIRECTORY);
  return new Map(
    directories(objects.readCommit(build).tree).flatMap((arch) =>
      directories(arch.oid).map(
        ({ name, oid }) => [`${encodeRaw(arch.name)}/${encodeRaw(name)}`, oid] as const,
      ),
    ),
  );
}

interface Change {
  readonly since: number;
  /** Undefined: the recipe is not there any more. */
  readonly oid: ObjectId | undefined;
}

interface Line {
  readonly arch: string;
  readonly changes: readonly Change[];
}

function linesNamed(changes: List['changes'], recipe: string): readonly Line[] {
  const end = `/${encodeRaw(rawPath(recipe))}`;
  return [...changes]
    .filter(([key]) => key.endsWith(end))
    .map(([key, lines]) => ({
      arch: shownPath(decodeRaw(key.slice(0, -end.length))),
      changes: parseChanges(lines),
    }));
}

function parseChanges(lines: string): readonly Change[] {
  return [...lines.matchAll(/^(\d+) (?:-|([0-9a-f]{40}))$/gm)].map(([, since, oid]) => ({
    since: Number(since),
    oid: oid as ObjectId | undefined,
  }));
}

/** Paragraphs: the builds, then a recipe each. The checksum of all before it ends the list. */
function encodeList({ builds, changes }: List): string {
  const recipes = [...changes].toSorted(([a], [b]) => byCodeUnit(a, b));
  const paragraphs = [
    `${HEAD}\n${builds.map((commit) => `${commit}\n`).join('')}`,
    ...recipes.map(([key, lines]) => `${key}\n${lines}`),
  ];
  const text = `${paragraphs.join('\n')}\n`;
  return `${text}${sha1(text)}\n`;
}

function readList(fs: FileSystem, gitDir: string): List {
  const bytes = readIfThere(fs, standingsList(gitDir)) ?? '';
  const text = bytes.slice(0, -CHECKSUM);
  if (bytes.slice(-CHECKSUM) !== `${sha1(text)}\n`) return EMPTY;
  const [builds = '', ...recipes] = text.slice(0, -1).split(/(?<=\n)\n/);
  const [head, ...commits] = builds.trimEnd().split('\n');
  if (head !== HEAD) return EMPTY;
  const changes = recipes.map((paragraph) => {
    const end = paragraph.indexOf('\n');
    return [paragraph.slice(0, end), paragraph.slice(end + 1)] as const;
  });
  return { builds: commits as CommitId[], changes: new Map(changes) };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
