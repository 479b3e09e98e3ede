/** The packages that a package depends on because its programs and libraries are linked to what these have. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { dependencyNames, splitWords } from '../../layers/split-words.ts';
import {
  assumedLibraries,
  providersOf,
  type NeededLibrary,
  type SharedLibrary,
} from '../../packages/shared-libraries.ts';
import type { Relation } from '../../packages/relations.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { linkedFiles, offeredBy, type LinkedFile } from './linked-files.ts';
import { ofPackage, skipsCheck } from './of-package.ts';
import type { SplitPackage } from './read-packages.ts';

export interface FindingLibraries {
  readonly recipe: LoadedRecipe;
  readonly packages: readonly SplitPackage[];
  /** What packages of other recipes have. */
  readonly offered: readonly SharedLibrary[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/** Finds them for each package, by its name in PACKAGES; warns of libraries that nobody has, or more than one. */
export function findLibraries(finding: FindingLibraries): ReadonlyMap<string, readonly Relation[]> {
  const { recipe, packages } = finding;
  const looked = packages.map(({ name, ...of }) => ({ name, files: linkedFiles(recipe, { name, ...of }) }));
  const own = looked.flatMap(({ name, files }) => offeredBy(recipe, name, files));
  const assumed = assumedLibraries(splitWords(recipe.data.get('ASSUME_SHLIBS')));
  const find = (needed: NeededLibrary, name: string): readonly SharedLibrary[] => {
    const stated = dependencyNames(ofPackage(recipe.data, 'RDEPENDS', name));
    const found = providersOf(needed, [...own, ...finding.offered]);
    const asked = found.find((library) => stated.includes(library.package));
    if (asked !== undefined) return [asked];
    if (found.length > 0) return found;
    const bySoname = ({ soname }: SharedLibrary): boolean => soname === needed.soname;
    // A program may tell the dynamic linker of a place of its own in more ways than a run path.
    return own.some(bySoname) ? own.filter(bySoname).slice(0, 1) : assumed.filter(bySoname).slice(0, 1);
  };
  return new Map(
    looked.map(({ name, files }) => {
      const found = distinct(files).flatMap((needed) => {
        const [first, ...others] = find(needed, name);
        if (first === undefined) tellMissing(finding, name, needed);
        if (first !== undefined && others.length > 0) tellSeveral(finding, name, needed, [first, ...others]);
        return first === undefined || first.package === '' ? [] : [first];
      });
      return [name, found.map(relationTo)];
    }),
  );
}

function relationTo({ package: name, version }: SharedLibrary): Relation {
  return version === '' ? { name } : { name, versions: { how: '>=', version } };
}

/** Each library once for each list of places, with the first file that asks for it there. */
function distinct(files: readonly LinkedFile[]): readonly Asked[] {
  const all = files.flatMap(({ path, needs }) => needs.map((needed): Asked => ({ ...needed, path })));
  const byPlaces = new Map(
    all.toReversed().map((asked) => [`${asked.soname}:${asked.dirs.join(':')}`, asked]),
  );
  return [...byPlaces.values()].toSorted((a, b) => byCodeUnit(a.soname, b.soname));
}

type Asked = NeededLibrary & { readonly path: string };

function tellMissing({ recipe, warn }: FindingLibraries, name: string, { soname, path }: Asked): void {
  if (skipsCheck(recipe.data, name, 'file-rdeps')) return;
  warn(`${path} of package ${name} needs ${soname}, which is in no package that ${recipe.name} depends on`, [
    `DEPENDS += "…"   in ${recipe.file} names the recipe that installs it`,
    `ASSUME_SHLIBS += "${soname}"   in a configuration says that every target has it`,
    `INSANE_SKIP:${name} += "file-rdeps"   says that it is meant`,
  ]);
}

function tellSeveral(
  { recipe, warn }: FindingLibraries,
  name: string,
  { soname, path }: Asked,
  found: readonly SharedLibrary[],
): void {
  const names = found.map((each) => each.package);
  warn(`${path} of package ${name} needs ${soname}, which is in ${names.join(' and ')}: the first is taken`, [
    `PRIVATE_LIBS:${names.at(-1)} = "${soname}"   in its recipe keeps it from others`,
    `RDEPENDS:${name} += "${names.at(-1)}"   in ${recipe.file} asks for that one`,
  ]);
}
