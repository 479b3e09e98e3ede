/** Finds a file in a tree of the record as a person names it: links are followed, as on the target. */
import { posix } from 'node:path';
import { closest } from '../../terms/closest.ts';
import type { Entry } from '../../ports/objects.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { entryAt, listEntries } from '../../trees/list-entries.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { readMetadata } from '../../trees/tree-metadata.ts';
import type { ResolvedTree } from './resolved-revision.ts';

/** Links that a path may lead through; more is a circle. */
const LINK_LIMIT = 40;

/** Finds the entry at `path`, its own links followed; throws with names that come near where there is none. */
export function findFile(where: ResolvedTree, path: string): Entry {
  const wanted = cleanPath(path);
  let at = wanted;
  for (let links = 0; links <= LINK_LIMIT; links += 1) {
    const next = step(where, at);
    if (next === undefined) throw noSuchFile(where, wanted, at);
    if (typeof next !== 'string') return next;
    at = next;
  }
  throw new VarveError('usage', `${shownPath(wanted)} in ${where.rev} is a circle of links`);
}

/** The entry at a path, or the path that the first link on the way leads to. */
function step(where: ResolvedTree, path: string): Entry | string | undefined {
  const parts = path.split('/');
  const metadata = readMetadata(where.objects, where.tree);
  for (let length = 1; length <= parts.length; length += 1) {
    const here = parts.slice(0, length).join('/');
    const entry = entryAt(where.objects, { ...where, metadata }, posix.join(where.top, here));
    if (entry === undefined) return undefined;
    if (entry.kind === 'symlink' && entry.oid !== undefined) {
      const target = where.objects.readBlob(entry.oid).toString('latin1');
      const base = target.startsWith('/') ? '' : posix.dirname(here);
      return clean(posix.join(base, target, ...parts.slice(length)));
    }
    if (length === parts.length) return entry;
  }
  return undefined;
}

/** A path as a person names it, as it stands in a tree: raw. */
export const cleanPath = (path: string): string => clean(rawPath(path));

/** `/usr//lib/../bin` and `usr/bin` name the same; nothing above the top is named. */
function clean(path: string): string {
  return posix.normalize(`/${path}`).slice(1).replace(/\/$/, '');
}

/** `at`: where links on the way of `wanted` led to. */
function noSuchFile(where: ResolvedTree, wanted: string, at: string): VarveError {
  const prefix = where.top === '' ? '' : `${where.top}/`;
  const paths = listEntries(where.objects, where.tree, where.top === '' ? {} : { under: where.top })
    .filter((entry) => entry.kind !== 'dir')
    .map((entry) => entry.path.slice(prefix.length))
    .filter((path) => path !== wanted);
  const named = paths.filter((path) => posix.basename(path) === posix.basename(at)).slice(0, 3);
  const near = named.length > 0 ? named : [closest(at, paths)].filter((path) => path !== undefined);
  const missing =
    at === wanted
      ? `has no ${shownPath(wanted)}`
      : `has nothing at ${shownPath(at)}, where the links of ${shownPath(wanted)} lead`;
  return new VarveError('usage', `${where.rev} ${missing}`, {
    hints:
      near.length > 0
        ? near.map((path) => `did you mean "${shownPath(path)}"?`)
        : [`varve show ${where.rev}   lists its files`],
  });
}
