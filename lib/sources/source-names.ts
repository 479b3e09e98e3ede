import { bareName } from './bare-name.ts';
import type { SourceUri } from './parse-src-uri.ts';

/** Names the sources of a recipe as inputs do; of those that would have one name, each with the SRCREV that it goes by. */
export function sourceNames(uris: readonly SourceUri[]): (uri: SourceUri) => string {
  const revisions = new Map<string, Set<string>>();
  for (const uri of uris) {
    if (uri.kind !== 'git') continue;
    const name = bareName(uri);
    revisions.set(name, (revisions.get(name) ?? new Set()).add(uri.name));
  }
  return (uri) => {
    const name = bareName(uri);
    return uri.kind === 'git' && (revisions.get(name)?.size ?? 0) > 1 ? `${name}#${uri.name}` : name;
  };
}
