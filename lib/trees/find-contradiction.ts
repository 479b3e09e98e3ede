import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../terms/ids.ts';
import { plainEntry, trueName, visible } from './list-entries.ts';
import { lastName, parentOf, standsByFacts, type TreeMetadata } from './tree-metadata.ts';

/** What stands in a directory, by true name, and which names come twice. */
interface Directory {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly twice: ReadonlySet<string>;
}

/**
 * Finds where trees contradict the metadata that they have in common: the path at which `listEntries` would refuse one. Looks
 * only at what the metadata names, and at a directory that several trees have once.
 */
export function contradictionFinder(
  objects: Pick<ObjectStore, 'readTree'>,
  metadata: TreeMetadata,
): (tree: TreeId) => string | undefined {
  const known = new Map<string, Directory>();
  const directory = (oid: ObjectId, path: string): Directory => {
    const key = `${oid} ${path}`;
    const found = known.get(key) ?? readDirectory(objects, metadata, { oid, path });
    known.set(key, found);
    return found;
  };
  const suspects = [...metadata.facts].filter(
    ([path, fact]) =>
      path !== '' && (standsByFacts(fact) || fact.hardlink !== undefined || fact.stored !== undefined),
  );
  return (tree) => {
    const within = (path: string): Directory | undefined => {
      if (path === '') return directory(tree, '');
      const entry = at(path);
      return entry?.mode === GIT_MODE.directory ? directory(entry.oid, path) : undefined;
    };
    const at = (path: string): TreeEntry | undefined => within(parentOf(path))?.entries.get(lastName(path));
    const isTwice = (path: string): boolean => within(parentOf(path))?.twice.has(lastName(path)) === true;
    const standing = (path: string): Standing | undefined => standingAt(metadata, path, at(path));
    for (const [path, fact] of suspects) {
      if (fact.stored !== undefined && isTwice(path)) return path;
      const blocked = standsByFacts(fact) && at(path) === undefined ? blockedAt(path, standing) : undefined;
      if (blocked !== undefined) return blocked;
      if (fact.hardlink !== undefined && !isSame(standing(path), standing(fact.hardlink))) return path;
    }
    return undefined;
  };
}

/** What there is at a path, as far as links care. */
interface Standing {
  readonly kind: string;
  readonly oid?: ObjectId;
  readonly isLink: boolean;
}

function standingAt(
  { facts }: TreeMetadata,
  path: string,
  entry: TreeEntry | undefined,
): Standing | undefined {
  const fact = facts.get(path);
  const isLink = fact?.hardlink !== undefined;
  if (entry === undefined)
    return fact !== undefined && standsByFacts(fact) ? { kind: fact.type, isLink } : undefined;
  const { kind, oid } = plainEntry(path, entry);
  return { kind, isLink, ...(oid !== undefined && { oid }) };
}

/** A name of nothing is none; another name of a file must lead to that very file, and to its first name. */
function isSame(link: Standing | undefined, leader: Standing | undefined): boolean {
  if (link === undefined) return true;
  return link.kind !== 'dir' && leader?.kind === link.kind && leader.oid === link.oid && !leader.isLink;
}

/** What is in the way of a directory or fifo that only the metadata has: something on the way there that is no directory. */
function blockedAt(path: string, standing: (path: string) => Standing | undefined): string | undefined {
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent))
    if ((standing(parent)?.kind ?? 'dir') !== 'dir') return parent;
  return undefined;
}

function readDirectory(
  objects: Pick<ObjectStore, 'readTree'>,
  metadata: TreeMetadata,
  { oid, path }: { readonly oid: ObjectId; readonly path: string },
): Directory {
  const entries = new Map<string, TreeEntry>();
  const twice = new Set<string>();
  for (const entry of visible(objects.readTree(oid), path)) {
    const name = trueName(metadata, path, entry);
    if (entries.has(name)) twice.add(name);
    entries.set(name, entry);
  }
  return { entries, twice };
}
