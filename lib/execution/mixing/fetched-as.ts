import type { Input } from '../../terms/inputs.ts';

/** What says which content of a source is meant. */
export interface Identity {
  readonly variable: string;
  readonly flag?: string;
  readonly value: string;
}

/** The revisions and checksums that recorded inputs of do_fetch tell, as a recipe sets them for the entries of its SRC_URI. */
export function fetchedAs(srcUri: string, fetch: readonly Input[]): readonly Identity[] {
  const sources = new Map(
    fetch.filter(({ kind }) => kind === 'source').map(({ name, value }) => [name, value]),
  );
  return srcUri.split(/\s+/).flatMap((word): readonly Identity[] => {
    const [uri = ''] = word.split(';');
    const name = /;name=([^;]+)/.exec(word)?.[1];
    const known = sources.get(uri) ?? sources.get(uri.replace(/^git:\/\/\/.*\//, 'git://…/'));
    if (known === undefined) return [];
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(known)?.[1];
    if (sha256 === undefined)
      return [{ variable: name === undefined ? 'SRCREV' : `SRCREV_${name}`, value: known }];
    const flag = name === undefined ? 'sha256sum' : `${name}.sha256sum`;
    return [{ variable: 'SRC_URI', flag, value: sha256 }];
  });
}
