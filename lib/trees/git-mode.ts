import type { Entry } from '../ports/objects.ts';

/** The mode that git stores for a file or a link. */
export function gitMode(entry: { readonly kind: Entry['kind']; readonly mode: number }): number {
  if (entry.kind === 'symlink') return 0o120000;
  return (entry.mode & 0o100) === 0 ? 0o100644 : 0o100755;
}
