import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { FileSystem } from '../../ports/world.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { parseXattrs } from '../../trees/xattrs.ts';
import type { PackageToWrite } from './package-to-write.ts';

/** A form that packages are written in. */
export interface PackageForm {
  /** The variable with the directory that they are written to. */
  readonly to: string;
  /** How the file of a package is called. */
  file(of: PackageToWrite): string;
  /** Writes it: the same package gives the same bytes. */
  write(fs: FileSystem, path: string, of: PackageToWrite): void;
  /** What it has no place for, and what can be done about it. */
  lost(of: PackageToWrite): readonly Lost[];
}

export interface Lost {
  readonly text: string;
  readonly hints: readonly string[];
}

/** Extended attributes of files that a form has no place for; those that `keeps` says yes to are told elsewhere. */
export function lostXattrs(
  { recipe, entries, root, name }: PackageToWrite,
  ending: string,
  keeps: (name: string, value: string) => boolean,
): readonly Lost[] {
  return entries.flatMap(({ path, xattrs }) => {
    const lost = [...parseXattrs(xattrs)].filter((xattr) => !keeps(...xattr));
    if (lost.length === 0) return [];
    const shown = shownPath(below(root, path));
    const text = `/${shown} loses its extended attributes in ${name}.${ending}, which has no place for them`;
    const isCapable = lost.some(([xattr]) => xattr === 'security.capability');
    const hint = `${postinstOpening(recipe, name)} {\n\tsetcap … /${shown}\n}   in the recipe gives them on the target`;
    return [{ text, hints: isCapable ? [hint] : [] }];
  });
}

/** How lines for a package's postinst begin in its recipe: those of its own stay. */
export function postinstOpening({ data }: LoadedRecipe, name: string): string {
  const variable = `pkg_postinst:${name}`;
  return data.get(variable) === undefined ? `${variable}()` : `${variable}:append()`;
}
