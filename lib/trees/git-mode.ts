import type { Entry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';

/** The mode that git stores for a file or a link. */
export function gitMode(entry: { readonly kind: Entry['kind']; readonly mode: number }): number {
  if (entry.kind === 'symlink') return GIT_MODE.link;
  return (entry.mode & 0o100) === 0 ? GIT_MODE.file : GIT_MODE.program;
}
