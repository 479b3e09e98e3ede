import { expectedChecksum } from './expected-checksum.ts';
import type { HttpUri, SourceUri } from './parse-src-uri.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** Refuses downloads of one recipe that would be one file in DL_DIR, though they are not the same: all would be the last. */
export function refuseSharedNames(context: SourceContext, uris: readonly SourceUri[]): void {
  const known = new Map<string, HttpUri>();
  for (const uri of uris) {
    if (uri.kind !== 'http') continue;
    const other = known.get(uri.localName);
    known.set(uri.localName, uri);
    if (other === undefined || expectedChecksum(context, other) === expectedChecksum(context, uri)) continue;
    throw sourceError(context, 'metadata', {
      message: `${other.url} and ${uri.url} would both be ${uri.localName} in DL_DIR, and they are not the same`,
      uri: uri.text,
      hints: [
        `Add ;downloadfilename=NAME to one of them, ;downloadfilename=${context.recipe}-${uri.localName} for example.`,
      ],
    });
  }
}
