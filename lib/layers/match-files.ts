import { join } from 'node:path';
import type { SourceText } from '../ports/source-text.ts';

/** Lists the files that an absolute pattern of BBFILES means: `*`, `?` and `[…]` within a name, or a whole directory. */
export function matchFiles(source: SourceText, pattern: string): readonly string[] {
  let found = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    if (!/[*?[]/.test(segment)) {
      found = found.map((dir) => join(dir, segment));
      continue;
    }
    const matches = segmentPattern(segment);
    found = found.flatMap((dir) => namesMatching(source, dir, matches).map((name) => inside(dir, name)));
  }
  // What a pattern matched is there, be it a link that leads nowhere: reading it is an error that says so.
  const isListed = /[*?[][^/]*$/.test(pattern);
  return found
    .filter((path) => (isListed && isRecipe(path)) || source.exists(path))
    .flatMap((path) => (isRecipe(path) ? [path] : recipesBelow(source, path)));
}

function namesMatching(source: SourceText, dir: string, matches: RegExp): readonly string[] {
  return source.list(dir).filter((name) => matches.test(name));
}

/** A listed name needs no normalising, which would cost as much as listing it. */
function inside(dir: string, name: string): string {
  return dir.endsWith('/') ? `${dir}${name}` : `${dir}/${name}`;
}

function isRecipe(path: string): boolean {
  return path.endsWith('.bb') || path.endsWith('.bbappend');
}

function recipesBelow(source: SourceText, dir: string): readonly string[] {
  return source.list(dir).flatMap((name) => {
    if (isRecipe(name)) return [inside(dir, name)];
    // Names with a dot in front are no business of a layer's: `.git` above all.
    return name.startsWith('.') ? [] : recipesBelow(source, inside(dir, name));
  });
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
