/** Between the tree of a WORKDIR and the tree of an artifact, which is D and nothing else. */
import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { findEntry } from './list-entries.ts';
import { DEFAULT_IMAGE, formatFacts, METADATA_DIR, metadataBlobs, readMetadata } from './tree-metadata.ts';
import { blobEntry } from './write-entries.ts';

const DIRECTORY = 0o40000;

/**
 * Makes the artifact of a WORKDIR's tree: `image` and `.varve/image`. Costs two small objects.
 *
 * @param image where D is in the WORKDIR, relative and raw; an empty or missing D is legal
 */
export function artifactTree(objects: ObjectStore, workdirTree: TreeId, image: string): TreeId {
  const metadata = readMetadata(objects, workdirTree);
  const found = findEntry(objects, { tree: workdirTree, metadata }, image);
  const facts = metadata.image === image ? metadataBlobs(objects, workdirTree).image : undefined;
  const entries: TreeEntry[] = [];
  if (found?.mode === DIRECTORY) entries.push({ name: DEFAULT_IMAGE, mode: DIRECTORY, oid: found.oid });
  if (facts !== undefined) {
    const oid = objects.writeTree([{ name: 'image', mode: 0o100644, oid: facts }]);
    entries.push({ name: METADATA_DIR, mode: DIRECTORY, oid });
  }
  return objects.writeTree(entries);
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
  if (facts !== undefined) own.push({ name: 'image', mode: 0o100644, oid: facts });
  const top: TreeEntry[] = imageTree === undefined ? [] : [nested(objects, imageTree, image.split('/'))];
  if (own.length > 0) top.push({ name: METADATA_DIR, mode: DIRECTORY, oid: objects.writeTree(own) });
  return objects.writeTree(top);
}

function nested(objects: ObjectStore, leaf: TreeEntry, names: readonly string[]): TreeEntry {
  const [name = '', ...rest] = names;
  if (rest.length === 0) return { ...leaf, name };
  return { name, mode: DIRECTORY, oid: objects.writeTree([nested(objects, leaf, rest)]) };
}
