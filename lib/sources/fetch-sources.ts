import { VarveError } from '../terms/varve-error.ts';
import { fetchDownload } from './fetch-download.ts';
import { fetchGit } from './fetch-git.ts';
import { findLocalFile } from './find-local-file.ts';
import { parseSrcUri, type SourceUri } from './parse-src-uri.ts';
import { explainFailure, type SourceContext } from './source-context.ts';

/**
 * Does do_fetch: brings everything that SRC_URI names into DL_DIR, and makes sure that local files exist. All entries
 * are tried, so that one run names all missing checksums.
 */
export async function fetchSources(context: SourceContext): Promise<void> {
  const failures: unknown[] = [];
  for (const uri of parseSrcUri(context.srcUri, context)) {
    try {
      context.signal.throwIfAborted();
      await fetchOne(context, uri);
    } catch (error) {
      if (context.signal.aborted) {
        throw new VarveError('task', `${context.recipe}: fetching ${uri.text} was interrupted`, {
          cause: error,
        });
      }
      failures.push(explainFailure(context, uri.text, error));
    }
  }
  if (failures.length > 0) throw combine(failures);
}

async function fetchOne(context: SourceContext, uri: SourceUri): Promise<void> {
  switch (uri.kind) {
    case 'file':
      findLocalFile(context, uri);
      return;
    case 'http':
      return fetchDownload(context, uri);
    case 'git':
      return fetchGit(context, uri);
    default:
      return uri satisfies never;
  }
}

/** One error that tells all of them. */
function combine(failures: readonly unknown[]): unknown {
  const [first, ...others] = failures;
  const fault = failures.find((failure) => !(failure instanceof VarveError));
  if (fault !== undefined || !(first instanceof VarveError) || others.length === 0) return fault ?? first;
  const further = others.flatMap((other) =>
    other instanceof VarveError ? [`Also, ${other.message}`, ...other.hints] : [],
  );
  return new VarveError(first.fault, first.message, {
    ...(first.place === undefined ? {} : { place: first.place }),
    hints: [...first.hints, ...further],
    cause: first,
  });
}
