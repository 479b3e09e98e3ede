import type { Entry } from '../ports/objects.ts';

/**
 * Finds git repositories among entries: their paths, raw, '' for the top. A directory that looks like a bare one is one
 * for git too, for whoever stands in it.
 */
export function repositoriesIn(entries: readonly Entry[]): readonly string[] {
  const paths = new Set(entries.map(({ path }) => path));
  return entries.flatMap(({ path }) => {
    const at = path.lastIndexOf('/');
    const [parent, name] = [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
    if (name.toLowerCase() === '.git') return [parent];
    const isBeside = (one: string): boolean => paths.has(path.slice(0, at + 1) + one);
    const isBare = name === 'HEAD' && [['objects', 'refs'], ['commondir']].some((all) => all.every(isBeside));
    return isBare && !/(?:^|\/)\.git$/i.test(parent) ? [parent] : [];
  });
}
