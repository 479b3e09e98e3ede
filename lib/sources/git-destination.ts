import type { GitUri } from './parse-src-uri.ts';
import type { SourceContext } from './source-context.ts';

/** The directory, below UNPACKDIR or `;subdir=`, that a repository's files are unpacked into. */
export function gitDestination({ gitDestSuffix }: Pick<SourceContext, 'gitDestSuffix'>, uri: GitUri): string {
  const subpath = uri.params.get('subpath')?.replace(/\/+$/, '');
  const usual = subpath?.slice(subpath.lastIndexOf('/') + 1) ?? gitDestSuffix ?? 'git';
  return uri.params.get('destsuffix') ?? (uri.params.has('subdir') ? '' : usual);
}
