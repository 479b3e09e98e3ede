/** How much of a local source changed. */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Cause } from '../../signatures/explain-changes.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { compareTexts } from '../../trees/compare-texts.ts';
import { findEntry } from '../../trees/list-entries.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { readMetadata } from '../../trees/tree-metadata.ts';
import type { Explanation } from './explanation.ts';
import type { TheRecord } from '../record/open-record.ts';

/** Bytes from which on nobody looks into a file. */
const LARGE = 64 << 20;

export interface FileStat {
  /** Lines; absent where one side is no text. */
  readonly lines?: { readonly added: number; readonly deleted: number };
  /** Bytes before and after. */
  readonly bytes: readonly [number, number];
}

/**
 * Counts what changed in a local source. Its contents are in the states that do_unpack left, the newest one also in
 * its layer; undefined where one of them is nowhere any more.
 */
export function statFile(
  record: TheRecord,
  cause: Cause,
  { from, to }: Pick<Explanation, 'from' | 'to'>,
): FileStat | undefined {
  const [before, after] = [sha256In(cause.from), sha256In(cause.to)];
  if (cause.kind !== 'file' || before === undefined || after === undefined || before === after)
    return undefined;
  const old = findContent(record, cause, { sha256: before, upTo: from });
  const now = findContent(record, cause, { sha256: after, upTo: to });
  if (old === undefined || now === undefined) return undefined;
  const texts = compareTexts(old, now);
  const bytes = [old.length, now.length] as const;
  return texts === undefined ? { bytes } : { lines: { added: texts.added, deleted: texts.deleted }, bytes };
}

function sha256In(value: string | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})\b/.exec(value ?? '')?.[1];
}

interface Wanted {
  readonly sha256: string;
  /** The newest build that may have it; absent: any. */
  readonly upTo: number | undefined;
}

function findContent(record: TheRecord, cause: Cause, { sha256, upTo }: Wanted): Buffer | undefined {
  const isIt = (bytes: Buffer): boolean => createHash('sha256').update(bytes).digest('hex') === sha256;
  const { fs } = record.world;
  const size = cause.at === undefined ? undefined : fs.statSync(cause.at, { throwIfNoEntry: false })?.size;
  if (cause.at !== undefined && size !== undefined && size < LARGE) {
    const bytes = fs.readFileSync(cause.at);
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
function* unpackedTrees(record: TheRecord, cause: Cause, upTo = Infinity): Generator<Unpacked> {
  const { recipe: name, task } = splitTaskId(cause.task);
  const seen = new Set<CommitId>();
  for (const build of record.builds.filter(({ n }) => n <= upTo).toReversed()) {
    for (const recipe of record.recipes(build).filter((each) => each.recipe === name)) {
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
  const dirs = objects.readTree(tree).filter(({ mode }) => mode === 0o40000);
  return ['', ...dirs.map((dir) => `${dir.name}/`)].flatMap((dir) => {
    const entry = findEntry(objects, where, `${dir}${below}`);
    const isFile = entry !== undefined && entry.mode !== 0o40000;
    return isFile && objects.size(entry.oid) < LARGE ? [objects.readBlob(entry.oid)] : [];
  });
}
