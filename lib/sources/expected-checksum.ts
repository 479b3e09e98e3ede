import type { Place } from '../terms/varve-error.ts';
import type { HttpUri } from './parse-src-uri.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** Finds the SHA-256 that the recipe demands of a download; undefined where it names none. */
export function expectedChecksum(context: SourceContext, uri: HttpUri): string | undefined {
  const value = uri.params.get('sha256sum') ?? context.flags.get(flagFor(uri));
  return value === undefined || value.trim() === '' ? undefined : value.trim().toLowerCase();
}

/** Where the recipe demands it: at the flag of SRC_URI, else where the URI itself is written. */
export function checksumPlace(context: SourceContext, uri: HttpUri): Place | undefined {
  const flag = uri.params.has('sha256sum') ? undefined : context.valuePlace?.('SRC_URI', flagFor(uri));
  return flag ?? context.uriPlace?.(uri.text);
}

/** The line of a recipe that gives a download its checksum. */
export function checksumLine(uri: HttpUri, sha256: string): string {
  return `SRC_URI[${flagFor(uri)}] = "${sha256}"`;
}

/** The error for a download whose checksum the recipe does not name. */
export function missingChecksum(context: SourceContext, uri: HttpUri, sha256: string): Error {
  return sourceError(context, 'task', {
    message: `the recipe names no sha256 for ${uri.localName}`,
    uri: uri.text,
    hints: [
      'Make sure that the download is what you expect, then put this line into the recipe:',
      checksumLine(uri, sha256),
    ],
  });
}

/** The error for a download that is not what the recipe demands; `keptAs` is where it can be looked at. */
export function wrongChecksum(context: SourceContext, uri: HttpUri, wrong: WrongChecksum): Error {
  return sourceError(context, 'task', {
    message: `${uri.localName} from ${wrong.from} has the sha256 ${wrong.sha256}, not ${wrong.expected}`,
    uri: uri.text,
    hints: [
      `The file is kept as ${wrong.keptAs}.`,
      'If it is the one you want, put this line into the recipe:',
      checksumLine(uri, wrong.sha256),
    ],
  });
}

export interface WrongChecksum {
  readonly from: string;
  readonly expected: string;
  readonly sha256: string;
  readonly keptAs: string;
}

function flagFor(uri: HttpUri): string {
  return uri.name === 'default' && !uri.params.has('name') ? 'sha256sum' : `${uri.name}.sha256sum`;
}
