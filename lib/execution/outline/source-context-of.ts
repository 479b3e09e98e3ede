import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { FileMemo, SourceContext } from '../../sources/source-context.ts';
import type { Place } from '../../terms/varve-error.ts';
import { sourceOutlineOf, type SourceOutline } from './source-outline.ts';

export interface SourceOptions {
  readonly world: World;
  readonly offline: boolean;
  readonly memo: FileMemo;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Puts together what fetching, unpacking and patching need to know of a recipe. */
export function sourceContextOf(recipe: LoadedRecipe, options: SourceOptions): SourceContext {
  const outline = sourceOutlineOf(recipe);
  const { srcUri, filesPath, downloadDir, premirrors, mirrors, gitDestSuffix } = outline;
  const revisions = new Map(outline.revisions);
  const { s, b, workdir } = recipe.dirs;
  return {
    ...options,
    recipe: recipe.name,
    recipeFile: recipe.file,
    uriPlace: (uri) => uriPlace(outline, uri),
    valuePlace: (variable, flag) =>
      flag === undefined ? revisions.get(variable)?.place : flagPlace(outline, flag),
    version: recipe.version,
    srcUri,
    flags: new Map(outline.flags),
    filesPath,
    downloadDir,
    unpackDir: outline.unpackDir ?? workdir,
    s,
    b,
    workdir,
    srcrev: (name) => (revisions.get(`SRCREV_${name}`) ?? revisions.get('SRCREV'))?.value,
    premirrors,
    mirrors,
    ...(gitDestSuffix === undefined ? {} : { gitDestSuffix }),
  };
}

/** The statement that put an entry into SRC_URI: the last one whose own text has it. */
function uriPlace({ statements }: SourceOutline, uri: string): Place | undefined {
  const bare = uri.split(';')[0] ?? uri;
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  const found =
    statements.findLast(({ detail }) => detail.includes(bare) || detail.includes(name)) ?? statements.at(-1);
  return found === undefined ? undefined : { file: found.file, line: found.line };
}

/** Where a flag of SRC_URI is set. */
function flagPlace({ statements }: SourceOutline, flag: string): Place | undefined {
  const found = statements.findLast((statement) => statement.flag === flag);
  return found === undefined ? undefined : { file: found.file, line: found.line };
}
