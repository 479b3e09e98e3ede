import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import { isWithin } from '../trees/tree-metadata.ts';
import type { Staged } from './compose-sysroot.ts';

/** What was put at one path. */
export interface ManifestEntry extends Staged {
  /** What lstat said after writing (see {@link statText}); '' for directories. */
  readonly stat: string;
}

/** What staging put into a sysroot: whose each file is, and how it looked when it was written. */
export interface Manifest {
  /** The id of what is composed there. */
  readonly composition: string;
  /** By raw path, sorted by bytes. */
  readonly entries: ReadonlyMap<string, ManifestEntry>;
}

/** Reads a manifest; undefined where there is none that can be read, and then nothing in the sysroot is known. */
export function readManifest(fs: FileSystem, path: string): Manifest | undefined {
  if (!fs.existsSync(path)) return undefined;
  try {
    const written = JSON.parse(fs.readFileSync(path, 'utf8')) as Written;
    if (written.schema !== 1) return undefined;
    return { composition: written.composition, entries: new Map(written.entries) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Writes a manifest, aside first. */
export function writeManifest(fs: FileSystem, path: string, manifest: Manifest): void {
  const written: Written = { schema: 1, composition: manifest.composition, entries: [...manifest.entries] };
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(`${path}.new`, JSON.stringify(written));
  fs.renameSync(`${path}.new`, path);
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
  const { size, mtimeNs, ctimeNs, ino } = fs.lstatSync(path, { bigint: true });
  return [size, mtimeNs, ctimeNs, ino].join(':');
}

interface Written {
  readonly schema: 1;
  readonly composition: string;
  readonly entries: readonly (readonly [string, ManifestEntry])[];
}
