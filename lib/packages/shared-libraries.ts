/** Which package has the libraries that a program is linked to. */
import { byCodeUnit } from '../terms/ids.ts';

/** A library that a package has. */
export interface SharedLibrary {
  /** What programs ask for. */
  readonly soname: string;
  /** The directory that it is in on a target: `/usr/lib`. */
  readonly dir: string;
  /** Without its revision; '' where any will do. */
  readonly version: string;
  /** '': every target has it. */
  readonly package: string;
}

/** A library that a file of a package asks for. */
export interface NeededLibrary {
  readonly soname: string;
  /** Where the dynamic linker looks for it, in that order. */
  readonly dirs: readonly string[];
}

/** Writes what dependants are told of one package: `soname:dir:version` lines, sorted; '' where it has no library. */
export function formatLibraries(libraries: readonly Omit<SharedLibrary, 'package'>[]): string {
  const lines = libraries
    .filter(({ soname, dir }) => !/[\s:/]/.test(soname) && !/[\n:]/.test(dir))
    .map(({ soname, dir, version }) => `${soname}:${dir}:${version}\n`);
  return [...new Set(lines)].sort(byCodeUnit).join('');
}

/** Reads what {@link formatLibraries} wrote of a package. */
export function parseLibraries(text: string, name: string): readonly SharedLibrary[] {
  return text.split('\n').flatMap((line) => {
    const [, soname, dir, version] = /^([^:]+):([^:]*):(.*)$/.exec(line) ?? [];
    return soname === undefined ? [] : [{ soname, dir: dir ?? '', version: version ?? '', package: name }];
  });
}

/**
 * Reads what a target has without any of the packages that are built here (ASSUME_SHLIBS): `soname`, or `soname:package` or
 * `soname:package_version` where a package of that name has to be installed for it.
 */
export function assumedLibraries(words: readonly string[]): readonly SharedLibrary[] {
  return words.map((word) => {
    const [soname = '', named = ''] = word.split(':', 2);
    const [, name = '', version = ''] = /^(.*?)(?:_([^_]*))?$/.exec(named) ?? [];
    return { soname, dir: '', version, package: name };
  });
}

/** Finds the packages in the first directory that has the library; more than one: each has a file of its own for it. */
export function providersOf(
  { soname, dirs }: NeededLibrary,
  offered: readonly SharedLibrary[],
): readonly SharedLibrary[] {
  const named = offered.filter((library) => library.soname === soname);
  const dir = dirs.find((each) => named.some((library) => library.dir === each));
  const there = named.filter((library) => library.dir === dir);
  return [...new Map(there.map((library) => [library.package, library])).values()].toSorted((a, b) =>
    byCodeUnit(a.package, b.package),
  );
}
