import type { Datastore, Origin } from '../../language/datastore.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Place } from '../../terms/varve-error.ts';
import { outlineOf } from './recipe-outline.ts';

/** What a recipe says of its sources, expanded, in plain data. */
export interface SourceOutline {
  /** SRC_URI, its flags, and the statements that made it. */
  readonly srcUri: string;
  readonly flags: readonly (readonly [flag: string, value: string])[];
  readonly statements: readonly Pick<Origin, 'file' | 'line' | 'detail' | 'flag'>[];
  /** SRCREV, and SRCREV_NAME of every `;name=` in SRC_URI, where they are set. */
  readonly revisions: readonly (readonly [variable: string, revision: Revision])[];
  /** FILESPATH. */
  readonly filesPath: readonly string[];
  readonly downloadDir: string;
  /** UNPACKDIR. */
  readonly unpackDir?: string;
  readonly premirrors: string;
  readonly mirrors: string;
  /** BB_GIT_DEFAULT_DESTSUFFIX. */
  readonly gitDestSuffix?: string;
}

interface Revision {
  readonly value: string;
  readonly place?: Place;
}

/** Reads what a recipe says of its sources, or remembers it. */
export function sourceOutlineOf(recipe: LoadedRecipe): SourceOutline {
  return outlineOf(recipe).sources ?? recipe.remember('sources', sourceOutline);
}

/** Reads it from the variables. */
export function sourceOutline(data: Datastore): SourceOutline {
  const text = (name: string): string => data.get(name) ?? '';
  const srcUri = text('SRC_URI');
  const names = [...srcUri.matchAll(/;name=([^;\s]+)/g)].map((match) => `SRCREV_${match[1] ?? ''}`);
  const [unpackDir, gitDestSuffix] = [data.get('UNPACKDIR'), data.get('BB_GIT_DEFAULT_DESTSUFFIX')];
  return {
    srcUri,
    flags: [...data.flags('SRC_URI')],
    statements: data.origins('SRC_URI').map(({ file, line, detail, flag }) => ({
      file,
      line,
      detail,
      ...(flag === undefined ? {} : { flag }),
    })),
    revisions: ['SRCREV', 'SRCREV_default', ...names].flatMap((name) => {
      const revision = revisionOf(data, name);
      return revision === undefined ? [] : [[name, revision] as const];
    }),
    filesPath: text('FILESPATH')
      .split(':')
      .filter((path) => path !== ''),
    downloadDir: text('DL_DIR'),
    ...(unpackDir === undefined ? {} : { unpackDir }),
    premirrors: text('PREMIRRORS'),
    mirrors: text('MIRRORS'),
    ...(gitDestSuffix === undefined ? {} : { gitDestSuffix }),
  };
}

function revisionOf(data: Datastore, name: string): Revision | undefined {
  const value = data.get(name);
  if (value === undefined) return undefined;
  const origin = data.origins(name).findLast(({ flag }) => flag === undefined);
  return origin === undefined ? { value } : { value, place: { file: origin.file, line: origin.line } };
}
