/** Between the tree of a WORKDIR and the tree of an artifact, which is one directory of it, D mostly, and nothing else. */
import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { TreeId } from '../terms/ids.ts';
import { findEntry, listEntries } from './list-entries.ts';
import {
  DEFAULT_IMAGE,
  formatFacts,
  isWithin,
  METADATA_DIR,
  metadataBlobs,
  readMetadata,
} from './tree-metadata.ts';
import { writeEntries } from './write-entries.ts';
import { blobEntry } from './write-metadata.ts';

/**
 * Makes the artifact of a WORKDIR's tree: `image` and `.varve/image`. Costs two small objects where it is D.
 *
 * @param dir the directory that is the artifact, relative and raw; an empty or missing one is legal
 */
export function artifactTree(objects: ObjectStore, workdirTree: TreeId, dir: string): TreeId {
  const metadata = readMetadata(objects, workdirTree);
  if (metadata.image !== dir) return movedTree(objects, workdirTree, dir);
  const found = findEntry(objects, { tree: workdirTree, metadata }, dir);
  const facts = metadataBlobs(objects, workdirTree).image;
  const entries: TreeEntry[] = [];
  if (found?.mode === GIT_MODE.directory)
    entries.push({ name: DEFAULT_IMAGE, mode: GIT_MODE.directory, oid: found.oid });
  if (facts !== undefined) {
    const oid = objects.writeTree([{ name: 'image', mode: GIT_MODE.file, oid: facts }]);
    entries.push({ name: METADATA_DIR, mode: GIT_MODE.directory, oid });
  }
  return objects.writeTree(entries);
}

/** Whether D of a WORKDIR's tree is this artifact, in all that an artifact has of it; writes nothing. */
export function isArtifactOf(objects: ObjectStore, artifact: TreeId, workdirTree: TreeId): boolean {
  const inside = (tree: TreeId): string => {
    const metadata = readMetadata(objects, tree);
    const found = findEntry(objects, { tree, metadata }, metadata.image);
    const files = found?.mode === GIT_MODE.directory ? found.oid : '';
    return `${files} ${metadataBlobs(objects, tree).image ?? ''}`;
  };
  return inside(artifact) === inside(workdirTree);
}

/** What is known of a directory that is not D stands with the rest of the WORKDIR's metadata, and is written anew. */
function movedTree(objects: ObjectStore, workdirTree: TreeId, dir: string): TreeId {
  const place = (path: string): string => `${DEFAULT_IMAGE}${path.slice(dir.length)}`;
  const firstNames = new Map<string, string>();
  const entries = listEntries(objects, workdirTree, { under: dir }).map((entry): Entry => {
    const { hardlinkTo, ...rest } = entry;
    const moved = { ...rest, path: place(entry.path) };
    if (hardlinkTo === undefined) return moved;
    // Of a file that has names outside too, the first one inside stands for it.
    const first = isWithin(dir, hardlinkTo) ? place(hardlinkTo) : firstNames.get(hardlinkTo);
    if (first === undefined) firstNames.set(hardlinkTo, moved.path);
    return first === undefined ? moved : { ...moved, hardlinkTo: first };
  });
  return writeEntries(objects, entries).tree;
}

/** Makes the tree of a WORKDIR that holds an artifact at D and nothing else: what tasks after do_install start from. */
export function workdirTreeOfArtifact(objects: ObjectStore, artifact: TreeId, image: string): TreeId {
  if (image === DEFAULT_IMAGE) return artifact;
  const entries = objects.readTree(artifact);
  const imageTree = entries.find((entry) => entry.name === DEFAULT_IMAGE);
  const { image: facts } = metadataBlobs(objects, artifact);
  const marker =
    imageTree !== undefined || facts !== undefined
      ? formatFacts(new Map([[image, { type: 'dir', image: true }]]))
      : '';
  const own: TreeEntry[] = blobEntry(objects, 'metadata', marker);
  if (facts !== undefined) own.push({ name: 'image', mode: GIT_MODE.file, oid: facts });
  const top: TreeEntry[] = imageTree === undefined ? [] : [nested(objects, imageTree, image.split('/'))];
  if (own.length > 0) top.push({ name: METADATA_DIR, mode: GIT_MODE.directory, oid: objects.writeTree(own) });
  return objects.writeTree(top);
}

function nested(objects: ObjectStore, leaf: TreeEntry, names: readonly string[]): TreeEntry {
  const [name = '', ...rest] = names;
  if (rest.length === 0) return { ...leaf, name };
  return { name, mode: GIT_MODE.directory, oid: objects.writeTree([nested(objects, leaf, rest)]) };
}
