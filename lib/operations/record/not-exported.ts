import { VarveError } from '../../terms/varve-error.ts';

/** That a build of an import tells of something which whoever exported it did not name. */
export function notExported(
  what: string,
  of: { readonly build: number; readonly imported: string },
): VarveError {
  return new VarveError('usage', `${what} is not in what was imported as ${of.imported}`, {
    hints: [`varve history export @${of.build} FILE   writes all of the build, where it was made`],
  });
}
