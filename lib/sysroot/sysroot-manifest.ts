import type { BigIntStats } from 'node:fs';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import { inside, isWithin } from '../trees/tree-metadata.ts';
import type { Composition, SharedPart, Staged } from './compose-sysroot.ts';
import { diskPath } from './disk-path.ts';
import {
  changedSections,
  type ManifestHead,
  type OpenManifest,
  whereReadable,
  withManifest,
  writeSections,
} from './manifest-sections.ts';

/** What was put at one path. */
export interface ManifestEntry extends Staged {
  /** What lstat said after writing (see {@link statText}); '' for directories, and where it is not known. */
  readonly stat: string;
}

/** A part that is not opened. */
export type KnownPart = Omit<SharedPart, 'objects'>;

/** What staging put into a sysroot: whose each file is, and how it looked when it was written. */
export interface Manifest extends ManifestHead {
  /** By raw path, each directory before what is in it. */
  readonly entries: ReadonlyMap<string, ManifestEntry>;
}

/** Reads a manifest; undefined where there is none that can be read, and then nothing in the sysroot is known. */
export function readManifest(fs: FileSystem, path: string): Manifest | undefined {
  return withManifest(fs, path, (opened) => opened && whereReadable(() => wholeManifest(opened)));
}

function wholeManifest({ sections, ...head }: OpenManifest): Manifest {
  const entries = [...sections].flatMap(([directory, section]) =>
    [...section.entries()].map(([name, entry]) => [inside(directory, name), entry] as const),
  );
  return { ...head, entries: new Map(entries) };
}

/** Writes a manifest, aside first. */
export function writeManifest(fs: FileSystem, path: string, { entries, ...head }: Manifest): void {
  writeSections(fs, path, { ...head, sections: changedSections(new Map(), entries) });
}

/** What stands where a composition is, by what was written and what stood. */
export function manifestOf(
  composition: Composition,
  standing: ReadonlyMap<string, Pick<ManifestEntry, 'stat'>>,
): Manifest {
  const found = [...composition.entries].map(([path, staged]) => {
    return [path, { ...staged, stat: standing.get(path)?.stat ?? '' }] as const;
  });
  return { composition: composition.id, entries: new Map(found) };
}

/** Makes what lstat said prove nothing any more: content may not have come to the disk. */
export function forgetStats(fs: FileSystem, path: string): void {
  const manifest = readManifest(fs, path);
  if (manifest === undefined) return fs.rmSync(path, { force: true });
  const entries = [...manifest.entries].map(([each, entry]) => [each, { ...entry, stat: '' }] as const);
  writeManifest(fs, path, { ...manifest, entries: new Map(entries) });
}

/**
 * Names the recipes whose artifacts hold this path of a sysroot: in code-unit order, none where it is
 * not staging's, several for a directory or for files with one content.
 *
 * @param path as a person types it: relative to the sysroot, or with a slash in front
 */
export function ownersOf(manifest: Manifest, path: string): readonly string[] {
  const raw = rawPath(path).replaceAll(/^\/+|\/+$/g, '');
  if (raw !== '') return manifest.entries.get(raw)?.recipes ?? [];
  const all = [...manifest.entries]
    .filter(([each]) => isWithin(raw, each))
    .flatMap(([, { recipes }]) => recipes);
  return [...new Set(all)].sort(byCodeUnit);
}

/** What changes when a file is written to, replaced or given other rights, as one word. */
export function statText(fs: FileSystem, path: Buffer): string {
  return statWord(fs.lstatSync(path, { bigint: true }));
}

/** Whether all that the manifest names looks as it was left. */
export function isUntouched(fs: FileSystem, dir: string, manifest: Manifest): boolean {
  return [...manifest.entries].every(([path, { kind, stat }]) => {
    const stats = fs.lstatSync(diskPath(dir, path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return false;
    return kind === 'dir' ? stats.isDirectory() : statWord(stats) === stat;
  });
}

/** Makes that word of what lstat says. */
export function statWord({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino].join(':');
}
