import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import {
  below,
  DEFAULT_IMAGE,
  type Facts,
  type FactsByPath,
  formatFacts,
  isWithin,
  METADATA_DIR,
} from './tree-metadata.ts';

/** Where the image of a tree is to stand, relative and raw, and whether it does. */
export interface ImagePlace {
  readonly path: string;
  readonly isThere: boolean;
}

/** Writes the `.varve` directory of a tree; undefined where there is nothing to say. */
export function writeMetadata(
  objects: ObjectStore,
  facts: FactsByPath,
  image: ImagePlace,
): TreeEntry | undefined {
  const isOwn = (path: string): boolean => image.path !== '' && isWithin(image.path, path);
  const own = new Map<string, Facts>();
  const rest = new Map<string, Facts>();
  for (const [path, fact] of facts)
    if (isOwn(path)) own.set(below(image.path, path), belowImage(fact, image.path));
    else rest.set(path, fact);
  if (image.isThere && image.path !== DEFAULT_IMAGE) rest.set(image.path, { type: 'dir', image: true });
  const entries = [
    ...blobEntry(objects, 'image', formatFacts(own)),
    ...blobEntry(objects, 'metadata', formatFacts(rest)),
  ];
  return entries.length === 0
    ? undefined
    : { name: METADATA_DIR, mode: GIT_MODE.directory, oid: objects.writeTree(entries) };
}

/** Links within the image are told from D; a link out of it cannot be (see {@link Entry.hardlinkTo}). */
function belowImage(fact: Facts, image: string): Facts {
  if (fact.hardlink === undefined) return fact;
  if (!isWithin(image, fact.hardlink)) throw new Error(`hardlink out of the image to ${fact.hardlink}`);
  return { ...fact, hardlink: below(image, fact.hardlink) };
}

/** An entry of this name with this text, or none for no text. */
export function blobEntry(objects: ObjectStore, name: string, text: string): TreeEntry[] {
  return text === ''
    ? []
    : [{ name, mode: GIT_MODE.file, oid: objects.writeBlob(Buffer.from(text, 'latin1')) }];
}
