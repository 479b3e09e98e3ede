import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../terms/ids.ts';
import { trueName, visible } from './list-entries.ts';
import { inside, readMetadata } from './tree-metadata.ts';

/** The files of a tree, links left out, by true path, content and last name. */
export interface TreeIndex {
  readonly files: ReadonlyMap<string, ObjectId>;
  pathsOf(content: ObjectId): readonly string[];
  called(lastName: string): readonly string[];
}

/** Indexes a tree; costs a look at every directory. */
export function indexTree(objects: ObjectStore, tree: TreeId): TreeIndex {
  const metadata = readMetadata(objects, tree);
  const files = new Map<string, ObjectId>();
  const [contents, names] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const note = (index: Map<string, string[]>, key: string, path: string): void => {
    const known = index.get(key);
    if (known === undefined) index.set(key, [path]);
    else known.push(path);
  };
  const visit = (dir: string, entry: Pick<TreeEntry, 'oid'>): void => {
    for (const child of visible(objects.readTree(entry.oid), dir)) {
      const name = trueName(metadata, dir, child);
      const path = inside(dir, name);
      if (child.mode === GIT_MODE.directory) visit(path, child);
      if (child.mode === GIT_MODE.directory || child.mode === GIT_MODE.link || child.mode === GIT_MODE.commit)
        continue;
      files.set(path, child.oid);
      note(contents, child.oid, path);
      note(names, name, path);
    }
  };
  visit('', { oid: tree });
  return {
    files,
    pathsOf: (content) => contents.get(content) ?? [],
    called: (lastName) => names.get(lastName) ?? [],
  };
}
