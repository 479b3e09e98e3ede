import type { SourceUri } from '../../sources/parse-src-uri.ts';
import { sourceNames } from '../../sources/source-names.ts';
import type { Input } from '../../terms/inputs.ts';

/** What says which content of a source is meant. */
export interface Identity {
  readonly variable: string;
  readonly flag?: string;
  readonly value: string;
}

/** The revisions and checksums that recorded inputs of do_fetch tell, as a recipe sets them for its sources. */
export function fetchedAs(uris: readonly SourceUri[], fetch: readonly Input[]): readonly Identity[] {
  const sources = new Map(
    fetch.filter(({ kind }) => kind === 'source').map(({ name, value }) => [name, value]),
  );
  const nameOf = sourceNames(uris);
  return uris.flatMap((uri): readonly Identity[] => {
    const known = uri.kind === 'file' ? undefined : sources.get(nameOf(uri));
    if (known === undefined) return [];
    const name = uri.params.get('name');
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(known)?.[1];
    if (sha256 === undefined)
      return [{ variable: name === undefined ? 'SRCREV' : `SRCREV_${name}`, value: known }];
    const flag = name === undefined ? 'sha256sum' : `${name}.sha256sum`;
    return [{ variable: 'SRC_URI', flag, value: sha256 }];
  });
}
