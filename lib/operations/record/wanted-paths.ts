import { isWithin } from '../../trees/tree-metadata.ts';
import { rawPath } from '../../trees/raw-text.ts';

/** The places that paths as typed mean, in raw bytes, none of them below another; none typed: the top. */
export function wantedPaths(typed: readonly string[]): readonly string[] {
  if (typed.length === 0) return [''];
  const paths = [...new Set(typed.map((path) => rawPath(path).replace(/^(?:\.?\/)+|\/+$/g, '')))];
  return paths
    .map((path) => (path === '.' ? '' : path))
    .filter((path, _, all) => !all.some((other) => other !== path && isWithin(other, path)));
}
