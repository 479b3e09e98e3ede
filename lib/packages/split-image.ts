import { byCodeUnit } from '../terms/ids.ts';
import { matcherOf } from './match-path.ts';

/** What stands at one path of an image: raw, without a slash in front. */
export interface ImageEntry {
  readonly path: string;
  readonly kind: 'dir' | 'other';
}

/** A package, and what it takes of the image. */
export interface PackageRule {
  readonly name: string;
  /** Patterns as in FILES: paths on the target, where `*`, `?` and `[…]` stand for parts of names; a directory is all that is in it. */
  readonly files: readonly string[];
}

export interface SplitImage {
  /** By package: its paths with the directories that lead to them, sorted by bytes. A package may have none. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
  /** Files, links and empty directories that no package takes, sorted by bytes. */
  readonly unpackaged: readonly string[];
}

/**
 * Gives everything in an image to one package: the first, in their order, that asks for it. A directory belongs to those
 * whose files are in it; one that is empty is given away like a file.
 */
export function splitImage(image: readonly ImageEntry[], rules: readonly PackageRule[]): SplitImage {
  const sorted = image.toSorted((a, b) => byCodeUnit(a.path, b.path));
  const full = new Set(sorted.map(({ path }) => parentOf(path)));
  const takers = rules.map(({ name, files }) => ({ name, takes: matcherOf(files) }));
  const taken = new Map(rules.map(({ name }) => [name, new Set<string>()]));
  const unpackaged: string[] = [];
  for (const { path, kind } of sorted) {
    if (kind === 'dir' && full.has(path)) continue;
    const taker = takers.find(({ takes }) => takes(path));
    if (taker === undefined) unpackaged.push(path);
    else for (let at = path; at !== ''; at = parentOf(at)) taken.get(taker.name)?.add(at);
  }
  return {
    packages: new Map([...taken].map(([name, paths]) => [name, [...paths].sort(byCodeUnit)])),
    unpackaged,
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
