import { splitWords } from '../../layers/split-words.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, inside, isWithin } from '../../trees/tree-metadata.ts';
import type { Site } from '../workdir/site.ts';

/** What do_package made of a recipe. */
export interface SplitPackages {
  readonly site: Site;
  /** Its artifact: a directory a package. */
  readonly tree: TreeId;
}

/** One of them. */
export interface SplitPackage {
  /** As PACKAGES has it. */
  readonly name: string;
  /** Where it is in the tree. */
  readonly root: string;
  /** What is in it, its root among it, sorted by bytes; none: there is no such package. */
  readonly entries: readonly Entry[];
  readonly objects: ObjectStore;
}

/** Lists the packages of a recipe, in the order of PACKAGES; one that stands there twice is one. */
export function readPackages({ site, tree }: SplitPackages): readonly SplitPackage[] {
  const { objects } = site.history();
  const all = listEntries(objects, tree, { under: DEFAULT_IMAGE });
  const names = new Set(splitWords(site.recipe.data.get('PACKAGES')));
  return [...names].map((name) => {
    const root = inside(DEFAULT_IMAGE, name);
    return { name, root, entries: all.filter(({ path }) => isWithin(root, path)), objects };
  });
}
