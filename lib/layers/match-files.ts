import type { SourceText } from '../ports/source-text.ts';
import { inside, matchPaths } from './match-paths.ts';

/** Lists the files that an absolute pattern of BBFILES means: `*`, `?` and `[…]` within a name, or a whole directory. */
export function matchFiles(source: SourceText, pattern: string): readonly string[] {
  const found = matchPaths(source, pattern);
  // What a pattern matched is there, be it a link that leads nowhere: reading it is an error that says so.
  const isListed = /[*?[][^/]*$/.test(pattern);
  return found
    .filter((path) => (isListed && isRecipe(path)) || source.exists(path))
    .flatMap((path) => (isRecipe(path) ? [path] : recipesBelow(source, path)));
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
