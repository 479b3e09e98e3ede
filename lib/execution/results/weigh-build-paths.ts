/** What ERROR_QA, WARN_QA and INSANE_SKIP make of an artifact that names directories of a build. */
import type { BuildPaths, NamingFile } from '../../artifacts/ac-entry.ts';
import { isImage } from '../../layers/is-image.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { matcherOf } from '../../packages/match-path.ts';
import { decodeRaw, rawPath, shownPath } from '../../trees/raw-text.ts';
import { ofPackage, skipsCheck } from '../packaging/of-package.ts';

const CHECK = 'buildpaths';

/** How many files a message names. */
const NAMED = 5;

export interface WeighedPaths {
  readonly level: 'warning' | 'error';
  /** After "it". */
  readonly text: string;
  readonly hints: readonly string[];
}

/** Weighs what an artifact of a recipe names; undefined: there is nothing to be said of it. */
export function weighBuildPaths(
  recipe: LoadedRecipe,
  found: BuildPaths | undefined,
): WeighedPaths | undefined {
  if (found === undefined) return undefined;
  const { data } = recipe;
  const isIn = (variable: string): boolean => splitWords(data.get(variable)).includes(CHECK);
  const level = isIn('ERROR_QA') ? 'error' : isIn('WARN_QA') ? 'warning' : undefined;
  if (level === undefined) return undefined;
  const isMeant = meantIn(recipe);
  const files = found.files.filter(({ path }) => !isMeant(decodeRaw(path)));
  // What is not told of is as what is.
  if (files.length === 0) return undefined;
  const left = files.length - NAMED + (found.more ?? 0);
  const more = left > 0 ? `, and ${left} more` : '';
  return {
    level,
    text: `names ${found.dir}, which no other build has, in ${files.slice(0, NAMED).map(shown).join(', ')}${more}`,
    hints: hintsFor(recipe, files, more !== ''),
  };
}

/** A recipe may mean it of all that it installs, or of one package. */
function meantIn({ name: recipe, data }: LoadedRecipe): (path: string) => boolean {
  const isSkipped = (name: string): boolean => skipsCheck(data, name, CHECK);
  if (isSkipped(recipe)) return () => true;
  const takers = splitWords(data.get('PACKAGES')).map((name) => ({
    takes: matcherOf(splitWords(ofPackage(data, 'FILES', name)).map(rawPath)),
    skipped: isSkipped(name),
  }));
  if (!takers.some(({ skipped }) => skipped)) return () => false;
  return (path) => takers.find(({ takes }) => takes(path))?.skipped ?? false;
}

function shown({ path, where, task }: NamingFile): string {
  const facts = [where, task === undefined ? undefined : `from ${task}`].filter((fact) => fact !== undefined);
  return `/${shownPath(decodeRaw(path))}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

function hintsFor(recipe: LoadedRecipe, files: readonly NamingFile[], isCut: boolean): readonly string[] {
  const { name } = recipe;
  const meant = `INSANE_SKIP:\${PN} += "${CHECK}"   says that it is meant`;
  const all = isCut ? [`varve artifact show ${name}   names all files`] : [];
  const pathOf = (fits: (where: string) => boolean): string | undefined => {
    const file = files.find(({ where }) => where !== undefined && fits(where));
    return file && shownPath(decodeRaw(file.path));
  };
  if (isImage(recipe)) {
    const file = pathOf((where) => where !== 'link');
    const owner =
      file === undefined
        ? []
        : [`varve blame ${name} ${file}   says which recipe it is of: there it is mended`];
    return [...owner, ...all, meant];
  }
  const [line, run] = [
    pathOf((where) => /^(?:#! )?line\b/.test(where)),
    pathOf((where) => where === 'run path'),
  ];
  const debug = pathOf((where) => where.startsWith('.debug'));
  return [
    ...(line === undefined ? [] : [`varve blame ${name} ${line}   says where each line comes from`]),
    ...(run === undefined ? [] : [`chrpath -d \${D}/${run}   in do_install:append takes the run path out`]),
    ...(debug === undefined
      ? []
      : [
          '${DEBUG_PREFIX_MAP}, which is in CFLAGS, among the options of the compiler keeps it out of .debug_…',
        ]),
    ...all,
    meant,
  ];
}
