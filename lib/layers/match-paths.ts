import { join } from 'node:path';
import type { SourceText } from '../ports/source-text.ts';

type Listing = Pick<SourceText, 'list'>;

/** Lists the paths that an absolute pattern may mean, `*`, `?` and `[…]` within a name; where it ends in none of these, nothing need be there. */
export function matchPaths(source: Listing, pattern: string): readonly string[] {
  let found = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    if (!/[*?[]/.test(segment)) {
      found = found.map((dir) => join(dir, segment));
      continue;
    }
    const matches = segmentPattern(segment);
    found = found.flatMap((dir) => namesMatching(source, dir, matches).map((name) => inside(dir, name)));
  }
  return found;
}

function namesMatching(source: Listing, dir: string, matches: RegExp): readonly string[] {
  return source.list(dir).filter((name) => matches.test(name));
}

/** A listed name needs no normalising, which would cost as much as listing it. */
export function inside(dir: string, name: string): string {
  return dir.endsWith('/') ? `${dir}${name}` : `${dir}/${name}`;
}

/** As a shell does, `*` and `?` leave alone a name that starts with a dot. */
function segmentPattern(segment: string): RegExp {
  const body = segment.replaceAll(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1)
      return `[${part.startsWith('[!') ? '^' : ''}${part.slice(part.startsWith('[!') ? 2 : 1, -1).replaceAll(/[\\^[\]]/g, '\\$&')}]`;
    return part.replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 's');
}
