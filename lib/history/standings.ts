/**
 * Where recipes stood in builds, as a list beside builds.git tells: made of that, so that who asks of a thousand builds need
 * not read the trees of each. It is believed of a build only under the very commit that the build has, and answers ids of
 * directories, which are read from builds.git like all else.
 */
import type { FileSystem } from '../ports/world.ts';
import { byKey } from '../terms/by-key.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { once } from '../terms/once.ts';
import type { RecipeName } from '../terms/revision.ts';
import { decodeRaw, encodeRaw, rawPath, shownPath } from '../trees/raw-text.ts';
import {
  linesWith,
  openList,
  type OpenList,
  parseArtifacts,
  parseSpans,
  type Spans,
} from './standings-text.ts';

/** The directory of a recipe in the tree of a build. */
export interface RecipeDirectory {
  readonly arch: string;
  readonly recipe: string;
  readonly oid: ObjectId;
  /** Whether it names an object; left out, as the next two: who wants to know reads it. */
  readonly names?: (oid: ObjectId) => boolean;
  /** Tells the line of a task in its file `tasks`, '' where it has none. */
  readonly task?: (name: string) => string;
  /** Tells its file `artifact`, '' where it has none. */
  readonly artifact?: () => string;
}

/** What the list tells of a build; undefined where it does not know it. */
export interface Standings {
  /** The directories of the recipes of a name. */
  find(build: CommitId, name: RecipeName): readonly RecipeDirectory[] | undefined;
  /** Milliseconds since the epoch. */
  timeOf(build: CommitId): number | undefined;
}

/** Opens the list; where it is missing or damaged, it knows no build. */
export function openStandings(fs: FileSystem, gitDir: string): Standings {
  const open = once(() => {
    const list = openList(fs, gitDir);
    return { list, places: new Map(list.builds.map(({ commit }, place) => [commit, place])) };
  });
  const known = new Map<string, readonly Named[]>();
  const recipesNamed = (list: OpenList, name: string): readonly Named[] => {
    const found = known.get(name) ?? findNamed(list, name);
    known.set(name, found);
    return found;
  };
  const find: Standings['find'] = (build, { arch, recipe }) => {
    const { list, places } = open();
    const place = places.get(build);
    if (place === undefined) return undefined;
    return recipesNamed(list, recipe).flatMap((each) => {
      const oid = each.directories.get(place) as ObjectId | undefined;
      if (oid === undefined || each.arch !== (arch ?? each.arch)) return [];
      return [
        {
          arch: each.arch,
          recipe,
          oid,
          names: (named) => each.naming(named).some((ends) => isWithin(ends, place)),
          task: (task) => each.task(task).get(place) ?? '',
          artifact: () => shownPath(decodeRaw(each.artifacts().get(oid) ?? '')),
        },
      ];
    });
  };
  const timeOf: Standings['timeOf'] = (build) => {
    const { list, places } = open();
    const place = places.get(build);
    const time = place === undefined ? undefined : list.builds[place]?.time;
    return time && time * 1000;
  };
  return { find, timeOf };
}

interface Named {
  readonly arch: string;
  readonly directories: ReadonlyMap<number, string>;
  /** By directory, escaped. */
  artifacts(): ReadonlyMap<string, string>;
  /** Where an id was named: the spans of each thing that named it. */
  naming(oid: ObjectId): readonly (readonly number[])[];
  /** A task's lines, by place. */
  task(name: string): ReadonlyMap<number, string>;
}

/** Of the recipes of a name; of each only what is asked for is parsed, since a thousand builds make many lines. */
function findNamed(list: OpenList, name: string): readonly Named[] {
  const end = `/${encodeRaw(rawPath(name))}`;
  return [...list.recipes(end)].map(([key, text]) => {
    const lines = text.split('\n');
    return {
      arch: shownPath(decodeRaw(key.slice(0, -end.length))),
      directories: byPlace(parseSpans(lines, 'directory')),
      artifacts: once(() => parseArtifacts(lines)),
      naming: byKey(
        (named: ObjectId) => {
          const those = linesWith(text, named);
          return [...parseSpans(those, 'tree').values(), ...parseSpans(those, 'task').values()];
        },
        (named) => named,
      ),
      task: byKey(
        (task: string) => byPlace(parseSpans(lines, 'task', task)),
        (task) => task,
      ),
    };
  });
}

const byPlace = (spans: Spans): ReadonlyMap<number, string> =>
  new Map([...spans].flatMap(([what, ends]) => placesIn(ends).map((place) => [place, what] as const)));

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
