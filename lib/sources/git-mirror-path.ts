import { join } from 'node:path';
import type { GitUri } from './parse-src-uri.ts';
import type { SourceContext } from './source-context.ts';

/** The bare mirror of a repository in DL_DIR: the same name as BitBake gives it, so that both can share it. */
export function gitMirrorPath(context: SourceContext, uri: GitUri): string {
  const name = `${uri.host.replaceAll(':', '.')}${uri.path.replace(/[/*]/g, '.').replace(/[ ()]/g, '_')}`;
  return join(context.downloadDir, 'git2', name.replace(/^\./, ''));
}
