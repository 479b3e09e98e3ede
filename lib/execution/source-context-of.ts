import type { LoadedRecipe } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import type { FileMemo, SourceContext } from '../sources/source-context.ts';
import type { Place } from '../terms/varve-error.ts';

export interface SourceOptions {
  readonly world: World;
  readonly offline: boolean;
  readonly memo: FileMemo;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Reads from a recipe's metadata what fetching, unpacking and patching need to know. */
export function sourceContextOf(recipe: LoadedRecipe, options: SourceOptions): SourceContext {
  const { data } = recipe;
  const text = (name: string): string => data.get(name) ?? '';
  const destSuffix = data.get('BB_GIT_DEFAULT_DESTSUFFIX');
  return {
    ...options,
    recipe: recipe.name,
    recipeFile: recipe.file,
    uriPlace: (uri) => uriPlace(recipe, uri),
    valuePlace: (variable, flag) => {
      const origin = recipe.data.origins(variable).findLast((one) => one.flag === flag);
      return origin === undefined ? undefined : { file: origin.file, line: origin.line };
    },
    version: recipe.version,
    srcUri: text('SRC_URI'),
    flags: data.flags('SRC_URI'),
    filesPath: text('FILESPATH')
      .split(':')
      .filter((path) => path !== ''),
    downloadDir: text('DL_DIR'),
    unpackDir: data.get('UNPACKDIR') ?? recipe.dirs.workdir,
    s: recipe.dirs.s,
    workdir: recipe.dirs.workdir,
    srcrev: (name) => data.get(`SRCREV_${name}`) ?? data.get('SRCREV'),
    premirrors: text('PREMIRRORS'),
    mirrors: text('MIRRORS'),
    ...(destSuffix === undefined ? {} : { gitDestSuffix: destSuffix }),
  };
}

/** The statement that put an entry into SRC_URI: the last one whose own text has it. */
function uriPlace(recipe: LoadedRecipe, uri: string): Place | undefined {
  const bare = uri.split(';')[0] ?? uri;
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  const origins = recipe.data.origins('SRC_URI');
  const found =
    origins.findLast((origin) => origin.detail.includes(bare) || origin.detail.includes(name)) ??
    origins.at(-1);
  return found === undefined ? undefined : { file: found.file, line: found.line };
}
