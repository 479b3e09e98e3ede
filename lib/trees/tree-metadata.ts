/**
 * What a git tree cannot hold, as text in the tree: `.varve/image` for what lies below D,
 * `.varve/metadata` for the rest. Sorted lines in the manner of mtree(5), exceptions only.
 */
import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { decodeRaw, encodeRaw } from './raw-text.ts';
import { isXattrWord } from './xattrs.ts';

/** The directory of a tree that holds its metadata; never on disk. */
export const METADATA_DIR = '.varve';
/** Where the image stands unless the metadata says otherwise. */
export const DEFAULT_IMAGE = 'image';

/** What is out of the ordinary at one path. */
export interface Facts {
  readonly type: 'file' | 'dir' | 'link' | 'fifo';
  /** Permission bits, where they are not what git implies. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Extended attributes, as `formatXattrs` writes them. */
  readonly xattrs?: string;
  /** The path that this is another name of. */
  readonly hardlink?: string;
  /** The name it is stored under. */
  readonly stored?: string;
  /** This directory is D. */
  readonly image?: true;
  /** Words that this version does not know; kept as they are. */
  readonly other?: readonly string[];
}

/** Whether such a thing stands there by the metadata alone: git holds no empty directories and no fifos. */
export function standsByFacts({ type }: Facts): boolean {
  return type === 'dir' || type === 'fifo';
}

/** Facts by true path ('' is the root of the list). */
export type FactsByPath = ReadonlyMap<string, Facts>;

/** The metadata of a tree in one view: paths relative to the tree's root. */
export interface TreeMetadata {
  readonly image: string;
  readonly facts: FactsByPath;
  /** True name by `<true parent>/<stored name>`. */
  readonly trueNames: ReadonlyMap<string, string>;
}

/** Writes facts as text; '' where there are none. */
export function formatFacts(facts: FactsByPath): string {
  return [...facts]
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .map(([path, fact]) => `${[dotted(path), ...words(fact)].join(' ')}\n`)
    .join('');
}

/** Reads what {@link formatFacts} wrote. */
export function parseFacts(text: string): Map<string, Facts> {
  const facts = new Map<string, Facts>();
  for (const line of text.split('\n')) {
    const [path, ...fields] = line.split(' ');
    if (path?.startsWith('.')) facts.set(checked(undotted(path)), fromWords(fields));
  }
  return facts;
}

/** Longer paths are taken by no system. */
const LONGEST = 4096;

/** Refuses a path that would lead out of the tree: the text may come from anywhere. */
function checked(path: string): string {
  const isGood = (name: string): boolean =>
    name !== '' && name !== '.' && name !== '..' && !name.includes('\0');
  if (path === '' || (path.length <= LONGEST && path.split('/').every(isGood))) return path;
  throw new VarveError(
    'task',
    `the metadata of a tree names the path ${encodeRaw(path.slice(0, 200))}, which no tree can hold`,
  );
}

/** Reads the metadata of a WORKDIR's or an artifact's tree. */
export function readMetadata(objects: ObjectStore, tree: TreeId): TreeMetadata {
  return metadataIn(objects, metadataBlobs(objects, tree));
}

/** Reads metadata by its files. */
export function metadataIn(objects: ObjectStore, blobs: MetadataBlobs): TreeMetadata {
  const rest =
    blobs.metadata === undefined ? new Map<string, Facts>() : parseFacts(text(objects, blobs.metadata));
  const image = [...rest].find(([, fact]) => fact.image)?.[0] ?? DEFAULT_IMAGE;
  const below = blobs.image === undefined ? [] : [...parseFacts(text(objects, blobs.image))];
  const facts = new Map([
    ...rest,
    ...below.map(([path, fact]) => [inside(image, path), withinImage(fact, image)] as const),
  ]);
  // Whoever stands in what is made of it would stand in a repository of somebody's making.
  if (facts.has('.git'))
    throw new VarveError(
      'task',
      'the metadata of a tree names .git at its top, where the link to a history stands: no task leaves that',
    );
  return { image, facts, trueNames: trueNamesOf(facts) };
}

/** Ids of the two metadata files of a tree, where it has them. */
export interface MetadataBlobs {
  readonly image?: ObjectId;
  readonly metadata?: ObjectId;
}

/** Finds the metadata files of a tree. */
export function metadataBlobs(objects: ObjectStore, tree: TreeId): MetadataBlobs {
  const dir = objects.readTree(tree).find((entry) => entry.name === METADATA_DIR);
  if (dir === undefined || dir.mode !== GIT_MODE.directory) return {};
  const found = (name: string): TreeEntry | undefined =>
    objects.readTree(dir.oid).find((entry) => entry.name === name && entry.mode === GIT_MODE.file);
  const [image, metadata] = [found('image'), found('metadata')];
  return { ...(image && { image: image.oid }), ...(metadata && { metadata: metadata.oid }) };
}

/** The directory that a relative raw path is in; '' at the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The last part of a raw path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Joins two relative raw paths, either of which may be ''. */
export function inside(dir: string, path: string): string {
  return dir === '' ? path : path === '' ? dir : `${dir}/${path}`;
}

/** Whether `path` is `dir` or lies below it. */
export function isWithin(dir: string, path: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

/** The part of `path` below `dir`. */
export function below(dir: string, path: string): string {
  return dir === '' ? path : path.slice(dir.length + 1);
}

function text(objects: ObjectStore, oid: ObjectId): string {
  return objects.readBlob(oid).toString('latin1');
}

function withinImage(fact: Facts, image: string): Facts {
  return fact.hardlink === undefined ? fact : { ...fact, hardlink: inside(image, fact.hardlink) };
}

function trueNamesOf(facts: FactsByPath): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [path, fact] of facts) {
    if (fact.stored === undefined) continue;
    const slash = path.lastIndexOf('/');
    names.set(inside(path.slice(0, Math.max(slash, 0)), fact.stored), path.slice(slash + 1));
  }
  return names;
}

function words(fact: Facts): readonly string[] {
  const word = (key: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`${key}=${value}`];
  return [
    `type=${fact.type}`,
    ...word('mode', fact.mode?.toString(8).padStart(4, '0')),
    ...word('uid', fact.uid),
    ...word('gid', fact.gid),
    ...word('hardlink', fact.hardlink === undefined ? undefined : dotted(fact.hardlink)),
    ...word('stored', fact.stored === undefined ? undefined : encodeRaw(fact.stored)),
    ...(fact.image ? ['image'] : []),
    ...(fact.xattrs === undefined ? [] : [fact.xattrs]),
    ...(fact.other ?? []),
  ];
}

function fromWords(fields: readonly string[]): Facts {
  const xattrs = fields.filter(isXattrWord).join(' ');
  let facts: Facts = xattrs === '' ? { type: 'file' } : { type: 'file', xattrs };
  const other: string[] = [];
  for (const field of fields) {
    if (isXattrWord(field)) continue;
    const known = fromWord(field);
    if (known === undefined) other.push(field);
    else facts = { ...facts, ...known };
  }
  return other.length === 0 ? facts : { ...facts, other };
}

function fromWord(field: string): Partial<Facts> | undefined {
  const equals = field.indexOf('=');
  const [key, value] = equals === -1 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
  switch (key) {
    case 'type':
      return value === 'dir' || value === 'link' || value === 'fifo' || value === 'file'
        ? { type: value }
        : undefined;
    case 'mode':
      return /^[0-7]{3,4}$/.test(value) ? { mode: Number.parseInt(value, 8) } : undefined;
    case 'uid':
      return /^\d{1,10}$/.test(value) ? { uid: Number(value) } : undefined;
    case 'gid':
      return /^\d{1,10}$/.test(value) ? { gid: Number(value) } : undefined;
    case 'hardlink':
      return { hardlink: checked(undotted(value)) };
    case 'stored':
      return { stored: decodeRaw(value) };
    case 'image':
      return { image: true };
    default:
      return undefined;
  }
}

const dotted = (path: string): string => (path === '' ? '.' : `./${encodeRaw(path)}`);
const undotted = (text_: string): string => decodeRaw(text_.slice(2));
