import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../ports/objects.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import { splitTaskId, type CommitId, type TaskId, type TreeId } from '../../terms/ids.ts';
import { findEntry } from '../../trees/list-entries.ts';
import { rawPath, systemPath } from '../../trees/raw-text.ts';
import { readMetadata } from '../../trees/tree-metadata.ts';
import type { TheRecord } from './open-record.ts';

/** Which of its contents is wanted. */
export interface WantedContent {
  readonly sha256: string;
  /** The newest build that may have it; absent: any. */
  readonly upTo?: number | undefined;
}

/** A local source, as an input of a task tells of it. */
export interface LocalSource {
  readonly task: TaskId;
  readonly name: string;
  /** Where it lies in its layer. */
  readonly at?: string;
}

/** Bytes from which on nobody looks into a file. */
const LARGE = 64 << 20;

/** Finds a content of a local source: in the states that do_unpack left, or in its layer; undefined where it is nowhere. */
export function findSource(
  record: TheRecord,
  cause: LocalSource,
  { sha256, upTo }: WantedContent,
): Buffer | undefined {
  const isIt = (bytes: Buffer): boolean => createHash('sha256').update(bytes).digest('hex') === sha256;
  const { fs } = record.world;
  const at = cause.at === undefined ? undefined : systemPath(cause.at);
  const size = at === undefined ? undefined : fs.statSync(at, { throwIfNoEntry: false })?.size;
  if (at !== undefined && size !== undefined && size < LARGE) {
    const bytes = fs.readFileSync(at);
    if (isIt(bytes)) return bytes;
  }
  for (const { objects, tree } of unpackedTrees(record, cause, upTo)) {
    const found = contentsNamed(objects, tree, cause.name).find(isIt);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Unpacked {
  readonly objects: ObjectStore;
  readonly tree: TreeId;
}

/** What do_unpack, or the task itself, left in the builds up to the one that is meant, newest first. */
function* unpackedTrees(record: TheRecord, cause: LocalSource, upTo = Infinity): Generator<Unpacked> {
  const { recipe: name, task } = splitTaskId(cause.task);
  const seen = new Set<CommitId>();
  for (const build of record.builds.filter(({ n }) => n <= upTo).toReversed()) {
    for (const recipe of record.recipes(build, { recipe: name })) {
      const objects = record.history(recipe.arch, name)?.objects;
      for (const { task: own, commit } of recipe.tasks()) {
        if (commit === undefined || seen.has(commit) || (own !== task && own !== 'do_unpack')) continue;
        seen.add(commit);
        if (objects?.has(commit) === true) yield { objects, tree: objects.readCommit(commit).tree };
      }
    }
  }
}

/** The files of this name in UNPACKDIR, which is the WORKDIR or a directory in it. */
function contentsNamed(objects: ObjectStore, tree: TreeId, name: string): readonly Buffer[] {
  const [path = '', ...params] = name.split(';');
  const subdir = params.find((param) => param.startsWith('subdir='))?.slice('subdir='.length);
  const below = rawPath([subdir, path].filter((part) => part !== undefined).join('/'));
  const where = { tree, metadata: readMetadata(objects, tree) };
  const dirs = objects.readTree(tree).filter(({ mode }) => mode === GIT_MODE.directory);
  return ['', ...dirs.map((dir) => `${dir.name}/`)].flatMap((dir) => {
    const entry = findEntry(objects, where, `${dir}${below}`);
    const isFile = entry !== undefined && entry.mode !== GIT_MODE.directory;
    return isFile && objects.size(entry.oid) < LARGE ? [objects.readBlob(entry.oid)] : [];
  });
}
