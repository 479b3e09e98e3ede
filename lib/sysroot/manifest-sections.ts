/**
 * A manifest on disk: a section for each directory, then the head, which says where these are, and last where the head is.
 * What is in a directory is read when it is asked for; what changes is appended, so that a change costs what it changes.
 */
import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { lastName, parentOf } from '../trees/tree-metadata.ts';
import type { PartWord } from './compose-sysroot.ts';
import type { KnownPart, ManifestEntry } from './sysroot-manifest.ts';

/** What a manifest is of. */
export interface ManifestHead {
  /** The id of what is composed there; '' while it is between two states, and then what is at these paths may be anything. */
  readonly composition: string;
  /** What that was made of, as one word a part. */
  readonly partWords?: readonly PartWord[];
  /** What it was made of, without the places of objects: of a directory where others keep files too. */
  readonly parts?: readonly KnownPart[];
}

/** A manifest of which only the head was read. */
export interface OpenManifest extends ManifestHead {
  /** By raw path of the directory ('' is the top), each before those in it. */
  readonly sections: ReadonlyMap<string, Section>;
}

export interface Section {
  /** Where it stands in the file; absent: nowhere yet. */
  readonly place?: Place;
  text(): Buffer;
  /** By raw name; throws where it is damaged. */
  entries(): ReadonlyMap<string, ManifestEntry>;
}

interface Place {
  readonly start: number;
  readonly size: number;
}

/** Opens a manifest for as long as `use` takes; undefined where there is none that can be read. */
export function withManifest<T>(
  fs: FileSystem,
  path: string,
  use: (manifest: OpenManifest | undefined) => T,
): T {
  if (!fs.existsSync(path)) return use(undefined);
  const fd = fs.openSync(path, 'r');
  try {
    return use(whereReadable(() => readHead(fs, fd)));
  } finally {
    fs.closeSync(fd);
  }
}

/** What is read of a manifest; undefined where it is damaged. */
export function whereReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Writes a manifest whole, aside first. */
export function writeSections(fs: FileSystem, path: string, manifest: OpenManifest): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.rmSync(aside(path), { force: true });
  write(fs, path, { manifest, end: 0 });
}

/** Puts a manifest out of the way, to be written once what it says is true again. */
export function putAside(fs: FileSystem, path: string): void {
  fs.renameSync(path, aside(path));
}

/** Appends to a manifest that was put aside what is new in it, and puts it back; written whole where little of it still counts. */
export function amendSections(fs: FileSystem, path: string, manifest: OpenManifest): void {
  const counts = [...manifest.sections.values()].reduce((sum, { place }) => sum + (place?.size ?? 0), 0);
  const end = fs.lstatSync(aside(path)).size;
  if (end > 2 * counts) writeSections(fs, path, manifest);
  else write(fs, path, { manifest, end });
}

/** Sections with what stands at these paths instead, in their order; undefined: nothing. */
export function changedSections(
  sections: ReadonlyMap<string, Section>,
  changed: Iterable<readonly [string, ManifestEntry | undefined]>,
): ReadonlyMap<string, Section> {
  const touched = new Map<string, Map<string, ManifestEntry>>();
  const entriesOf = (directory: string): Map<string, ManifestEntry> => {
    const known = touched.get(directory) ?? new Map(sections.get(directory)?.entries());
    touched.set(directory, known);
    return known;
  };
  const none = new Set<string>();
  if (!sections.has('')) entriesOf('');
  for (const [path, entry] of changed) {
    const siblings = entriesOf(parentOf(path));
    if (entry === undefined) siblings.delete(lastName(path));
    else siblings.set(lastName(path), entry);
    if (entry?.kind === 'dir') entriesOf(path);
    else none.add(path);
  }
  const all = new Map(sections);
  for (const [directory, entries] of touched) all.set(directory, newSection(entries));
  for (const path of none) all.delete(path);
  return all;
}

/** So many bytes at the end say where the head is. */
const FOOT = 16;

function readHead(fs: FileSystem, fd: number): OpenManifest | undefined {
  const { size } = fs.fstatSync(fd);
  const start = Number(readAt(fs, fd, { start: size - FOOT, size: FOOT }).toString());
  const written = JSON.parse(readAt(fs, fd, { start, size: size - FOOT - start }).toString()) as Written;
  if (written.schema !== 2) return undefined;
  const { schema: _, directories, ...head } = written;
  const section = (place: Place): Section => {
    const text = (): Buffer => readAt(fs, fd, place);
    let entries: ReadonlyMap<string, ManifestEntry> | undefined;
    const read = (): ReadonlyMap<string, ManifestEntry> =>
      new Map(JSON.parse(text().toString()) as readonly [string, ManifestEntry][]);
    return { place, text, entries: () => (entries ??= read()) };
  };
  const sections = directories.map(([path, start, size]) => [path, section({ start, size })] as const);
  return { ...head, sections: new Map(sections) };
}

/** These bytes; a SyntaxError where there are not so many. */
function readAt(fs: FileSystem, fd: number, { start, size }: Place): Buffer {
  if (!(start >= 0 && size >= 0)) throw new SyntaxError('no place in a manifest');
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size;) {
    const read = fs.readSync(fd, bytes, at, size - at, start + at);
    if (read === 0) throw new SyntaxError('a manifest that was cut off');
    at += read;
  }
  return bytes;
}

function newSection(entries: ReadonlyMap<string, ManifestEntry>): Section {
  return { text: () => Buffer.from(`${JSON.stringify([...entries])}\n`), entries: () => entries };
}

/** Appends to the file aside, where so many bytes stand, and puts it into its place. */
function write(
  fs: FileSystem,
  path: string,
  { manifest, end }: { readonly manifest: OpenManifest; readonly end: number },
): void {
  const { sections, ...head } = manifest;
  const texts: Buffer[] = [];
  let start = end;
  const directories = [...sections].map(([directory, section]) => {
    if (end > 0 && section.place !== undefined)
      return [directory, section.place.start, section.place.size] as const;
    const text = section.text();
    texts.push(text);
    start += text.length;
    return [directory, start - text.length, text.length] as const;
  });
  const written: Written = { schema: 2, ...head, directories };
  const foot = `${String(start).padStart(FOOT - 1)}\n`;
  texts.push(Buffer.from(`${JSON.stringify(written)}\n${foot}`));
  fs.appendFileSync(aside(path), Buffer.concat(texts));
  fs.renameSync(aside(path), path);
}

function aside(path: string): string {
  return `${path}.new`;
}

interface Written extends ManifestHead {
  readonly schema: 2;
  /** Each directory with where its section begins and how long it is. */
  readonly directories: readonly (readonly [string, number, number])[];
}
