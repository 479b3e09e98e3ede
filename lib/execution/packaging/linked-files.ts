/** What the programs and libraries of a package are linked by. */
import { posix } from 'node:path';
import { isElf, readElfLinks } from '../../contents/read-elf.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { NeededLibrary, SharedLibrary } from '../../packages/shared-libraries.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId } from '../../terms/ids.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { ofPackage } from './of-package.ts';
import type { SplitPackage } from './read-packages.ts';

export interface LinkedFile {
  /** On the target, for people: `/usr/bin/jq`. */
  readonly path: string;
  readonly offers?: Pick<SharedLibrary, 'soname' | 'dir'>;
  readonly needs: readonly NeededLibrary[];
}

/** Looks into every file of a package that the dynamic linker has to do with. */
export function linkedFiles(recipe: LoadedRecipe, of: SplitPackage): readonly LinkedFile[] {
  const { entries, root, objects } = of;
  const libraryDirs = ['libdir', 'base_libdir'].map((name) => recipe.data.get(name) ?? '');
  return entries.flatMap(({ kind, oid, path, hardlinkTo }): readonly LinkedFile[] => {
    if (kind !== 'file' || oid === undefined || hardlinkTo !== undefined || !beginsAsElf(objects, oid))
      return [];
    const links = readElfLinks(objects.readBlob(oid));
    if (links === undefined) return [];
    const at = `/${shownPath(below(root, path))}`;
    const [dir, file] = [posix.dirname(at), posix.basename(at)];
    // Whoever is linked to one without a name of its own asks for the file.
    const soname = links.soname ?? (links.interpreter === undefined ? file : undefined);
    const runpath = (links.runpath ?? '').split(':').filter((each) => each !== '');
    const dirs = [...runpath.map((each) => normal(each.replaceAll(/\$\{?ORIGIN\}?/g, dir))), ...libraryDirs];
    return [
      {
        path: at,
        ...(soname !== undefined && { offers: { soname, dir } }),
        needs: links.needed.map((needed) => ({ soname: needed, dirs })),
      },
    ];
  });
}

/** The libraries that a package has for others: none that PRIVATE_LIBS names. */
export function offeredBy(
  recipe: LoadedRecipe,
  name: string,
  files: readonly LinkedFile[],
): readonly SharedLibrary[] {
  const { data } = recipe;
  const text = (variable: string): string => ofPackage(data, variable, name) ?? '';
  const kept = new Set(splitWords(text('PRIVATE_LIBS')));
  const epoch = text('PE');
  const version = `${epoch === '' ? '' : `${epoch}:`}${text('PKGV')}`;
  return files.flatMap(({ offers }) =>
    offers === undefined || kept.has(offers.soname)
      ? []
      : [{ ...offers, version, package: data.get(`PKG:${name}`) ?? name }],
  );
}

function normal(dir: string): string {
  return posix.normalize(dir).replace(/(.)\/$/, '$1');
}

/** A large file that is none is not read as a whole to find that out. */
function beginsAsElf(objects: ObjectStore, oid: ObjectId): boolean {
  for (const piece of objects.openBlob(oid).pieces()) return isElf(Buffer.from(piece));
  return false;
}
