import { join } from 'node:path';
import type { SharedLibrary } from '../../packages/shared-libraries.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import type { Site } from '../workdir/site.ts';
import { debFile, debFiles, type DebPackage } from './deb-files.ts';
import { findLibraries } from './find-libraries.ts';
import { readPackages, type SplitPackages } from './read-packages.ts';
import { checksumsOf, writeDeb } from './write-deb.ts';

export interface DebWriting extends SplitPackages {
  readonly fs: FileSystem;
  /** The libraries of the packages of other recipes. */
  readonly offered: readonly SharedLibrary[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/** Writes a .deb for each package of a recipe, into PKGWRITEDIRDEB. */
export function writeDebs({ fs, site, tree, offered, warn }: DebWriting): void {
  const { recipe, epoch: time } = site;
  const { objects } = site.history();
  const packages = readPackages({ site, tree });
  const absent = new Set(packages.filter(({ entries }) => entries.length === 0).map(({ name }) => name));
  const present = packages.filter(({ name }) => !absent.has(name));
  const linkedTo = findLibraries({ recipe, packages: present, offered, warn });
  const written = new Map<string, string>();
  for (const { name, root, entries } of present) {
    const installedSize = sizeOf(objects, entries);
    const needs = linkedTo.get(name) ?? [];
    const of: DebPackage = { recipe, name, absent, entries, root, installedSize, needs };
    const file = debFile(of);
    const other = written.get(file);
    if (other !== undefined) throw oneFile(site, file, [other, name]);
    written.set(file, name);
    const control = debFiles(of, checksumsOf({ entries, root, objects }));
    const path = join(recipe.data.get('PKGWRITEDIRDEB') ?? '', file);
    writeDeb(fs, path, { control, entries, root, objects, time });
    for (const entry of entries) tellLost(entry, { name, path: below(root, entry.path) }, warn);
  }
}

/** In KiB, as dpkg counts: what is no file takes one. */
function sizeOf(objects: ObjectStore, entries: readonly Entry[]): number {
  return entries.reduce((sum, { kind, oid, hardlinkTo }) => {
    const isFile = kind === 'file' && oid !== undefined && hardlinkTo === undefined;
    return sum + (isFile ? Math.ceil(objects.size(oid) / 1024) : hardlinkTo === undefined ? 1 : 0);
  }, 0);
}

/** A .deb has no place for extended attributes. */
function tellLost(
  { xattrs }: Entry,
  { name, path }: { readonly name: string; readonly path: string },
  warn: DebWriting['warn'],
): void {
  if (xattrs === undefined) return;
  const shown = shownPath(path);
  const lines = /security\.capability/.test(xattrs)
    ? [`pkg_postinst:${name}() {\n\tsetcap … /${shown}\n}   in the recipe gives them on the target`]
    : [];
  warn(`/${shown} loses its extended attributes in ${name}.deb, which has no place for them`, lines);
}

function oneFile({ recipe }: Site, file: string, [one, other]: readonly [string, string]): VarveError {
  return new VarveError('metadata', `${one} and ${other} of ${recipe.name} would both be ${file}`, {
    place: { file: recipe.file },
    hints: [`PKG:${other} = "…"   in the recipe gives one of them another name`],
  });
}
