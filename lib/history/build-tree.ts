/** Finds what a build has of its recipes in the tree of its commit. */
import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { objectId } from '../trees/object-id.ts';
import { shownPath } from '../trees/raw-text.ts';

/** The files that a build has of one recipe; none where it has no such recipe. */
export interface Recorded {
  text(path: string): string | undefined;
  /** Whether `text(path)` is this; by its id, so that it is not read. */
  says(path: string, text: string | undefined): boolean;
}

/** The directories of all recipes that were known by then, by `ARCH/PN`. */
export function recipesIn(
  objects: ObjectStore,
  commit: CommitId | undefined,
): readonly { readonly key: string; readonly oid: ObjectId }[] {
  const top = commit === undefined ? [] : objects.readTree(objects.readCommit(commit).tree);
  return top
    .filter((entry) => entry.mode === GIT_MODE.directory)
    .flatMap((arch) =>
      objects.readTree(arch.oid).map(({ name, oid }) => ({ key: shownPath(`${arch.name}/${name}`), oid })),
    );
}

/** Finds what is kept of a recipe, by `ARCH/PN`. */
export function recordedIn(objects: ObjectStore, commit: CommitId | undefined): (recipe: string) => Recorded {
  const directories = new Map(recipesIn(objects, commit).map(({ key, oid }) => [key, oid] as const));
  return (recipe) => {
    const directory = directories.get(recipe);
    // A thousand of them are not kept for who may ask again.
    const entries = directory === undefined ? [] : objects.readTree(directory, 'once');
    const find = (path: string): ObjectId | undefined => {
      const [first, ...rest] = path.split('/');
      const entry = entries.find(({ name }) => name === first);
      const found = entry === undefined || rest.length === 0 ? entry : entryAt(objects, entry, rest);
      return found !== undefined && isFile(found) ? found.oid : undefined;
    };
    return {
      text: (path) => {
        const oid = find(path);
        return oid === undefined ? undefined : objects.readBlob(oid).toString('utf8');
      },
      says: (path, text) =>
        find(path) === (text === undefined ? undefined : objectId('blob', Buffer.from(text))),
    };
  };
}

export const isFile = ({ mode }: TreeEntry): boolean =>
  mode !== GIT_MODE.directory && mode !== GIT_MODE.commit;

/** Finds what a path of these names leads to. */
export function entryAt(
  objects: ObjectStore,
  start: Pick<TreeEntry, 'mode' | 'oid'>,
  names: readonly string[],
): TreeEntry | undefined {
  let entry: TreeEntry | undefined = { name: '', ...start };
  for (const name of names) {
    if (entry?.mode !== GIT_MODE.directory) return undefined;
    entry = objects.readTree(entry.oid).find((child) => child.name === name);
  }
  return entry;
}

/** Paths of all files, each beginning with `prefix`. */
export function filesIn(objects: ObjectStore, tree: ObjectId | undefined, prefix: string): readonly string[] {
  const entries = tree === undefined ? [] : objects.readTree(tree);
  return entries.flatMap((entry) => {
    if (entry.mode === GIT_MODE.commit) return [];
    return entry.mode === GIT_MODE.directory
      ? filesIn(objects, entry.oid, `${prefix}${entry.name}/`)
      : [prefix + entry.name];
  });
}
