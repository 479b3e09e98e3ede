/** Paths of this build in what a recipe installs: which file names one, where in it, and which task wrote it. */
import type { BuildPaths, NamingFile } from '../../artifacts/ac-entry.ts';
import type { FoundText } from '../../artifacts/search-texts.ts';
import { partOfFile } from '../../contents/part-of-file.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import { splitTaskId, type CommitId, type ObjectId } from '../../terms/ids.ts';
import { encodeRaw } from '../../trees/raw-text.ts';
import { below, DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import type { Site } from '../workdir/site.ts';

/** How many files are told of. */
const TOLD = 1000;

/** In a larger file it is not told where. */
const LARGE = 64 << 20;

/** What no artifact should name: the directory that all WORKDIRs are in, by both names where a link leads there. */
export function buildDirs(fs: FileSystem, tmpDir: string, { workdir }: Site): readonly string[] {
  const real = (dir: string): string => (fs.existsSync(dir) ? String(fs.realpathSync(dir)) : dir);
  const dirs = workdir.startsWith(`${tmpDir}/`) ? [tmpDir] : [tmpDir, workdir];
  return [...new Set([...dirs, ...dirs.map(real)])].map((dir) => `${dir}/`);
}

/**
 * Tells what was found in an artifact that a task left; undefined: nothing.
 *
 * @param commit the task's
 */
export function tellBuildPaths(
  site: Site,
  found: readonly FoundText[],
  commit: CommitId | undefined,
): BuildPaths | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  const told = found.slice(0, TOLD);
  const { objects } = site.history();
  const writers = writersOf(site, new Set(told.flatMap(({ entry }) => entry.oid ?? [])), commit);
  const files = told.map((each): NamingFile => {
    const where = whereIn(objects, each);
    const task = each.entry.oid === undefined ? undefined : writers.get(each.entry.oid);
    return {
      path: encodeRaw(below(DEFAULT_IMAGE, each.entry.path)),
      ...(where !== undefined && { where }),
      ...(task !== undefined && { task }),
    };
  });
  const more = found.length - told.length;
  return { dir: first.text.slice(0, -1), files, ...(more > 0 && { more }) };
}

function whereIn(objects: ObjectStore, { entry, at, text }: FoundText): string | undefined {
  const { kind, oid } = entry;
  if (kind === 'symlink') return 'link';
  if (oid === undefined || objects.size(oid) > LARGE) return undefined;
  return partOfFile(objects.readBlob(oid), at, text);
}

/** For each content the first task of those in a row up to this commit that have it anywhere. */
function writersOf(
  site: Site,
  contents: ReadonlySet<ObjectId>,
  commit: CommitId | undefined,
): ReadonlyMap<ObjectId, string> {
  const writers = new Map<ObjectId, string>();
  if (commit === undefined) return writers;
  const history = site.history();
  const held = holdings(history.objects, contents);
  let open = contents;
  let id: CommitId | undefined = commit;
  for (; id !== undefined && history.objects.has(id); id = history.objects.readCommit(id).parents[0]) {
    const task = history.readTask(id);
    if (task === undefined) continue;
    const here = held(task.tree);
    open = new Set([...open].filter((content) => here.has(content)));
    if (open.size === 0) break;
    for (const content of open) writers.set(content, splitTaskId(task.task).task);
  }
  return writers;
}

/** Finds which of these contents a tree holds; a tree that is part of several is looked at once. */
function holdings(
  objects: ObjectStore,
  contents: ReadonlySet<ObjectId>,
): (tree: ObjectId) => ReadonlySet<ObjectId> {
  const known = new Map<ObjectId, ReadonlySet<ObjectId>>();
  const held = (tree: ObjectId): ReadonlySet<ObjectId> => {
    const before = known.get(tree);
    if (before !== undefined) return before;
    const all = new Set<ObjectId>();
    for (const { mode, oid } of objects.readTree(tree)) {
      if (mode === GIT_MODE.directory) for (const each of held(oid)) all.add(each);
      else if (contents.has(oid)) all.add(oid);
    }
    known.set(tree, all);
    return all;
  };
  return held;
}
