import type { SourceUri } from './parse-src-uri.ts';

/** How inputs name a source: without a local path, since another place of the same content is no other source. */
export function bareName(uri: SourceUri): string {
  const lastName = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  switch (uri.kind) {
    case 'file':
      return uri.path.startsWith('/') ? lastName : uri.path;
    case 'http':
      return uri.url;
    case 'git':
      return `git://${uri.host === '' ? `…/${lastName}` : uri.host + uri.path}`;
    default:
      return uri satisfies never;
  }
}
