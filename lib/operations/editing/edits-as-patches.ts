/** A person's edits as patches of the sources. */
import { relative } from 'node:path';
import { resultsBelow } from '../../execution/edits/results-below.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { isSourceTask } from '../../graph/source-tasks.ts';
import { hashOnly } from '../../history/hash-only.ts';
import { AUTHOR, type TaskCommit } from '../../history/task-commits.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import {
  type FileVersion,
  isPatchable,
  type MailPatch,
  type PatchedFile,
} from '../../sources/format-mail-patch.ts';
import { byCodeUnit, splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { isBinary } from '../../trees/compare-texts.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { findRenames, type LoneFile } from '../../trees/find-renames.ts';
import { entryAt } from '../../trees/list-entries.ts';
import { mergeTexts } from '../../trees/merge-texts.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { gitMode } from '../../trees/git-mode.ts';
import { below, isWithin, readMetadata } from '../../trees/tree-metadata.ts';
import type { StepsWithTasks } from './typed-meanwhile.ts';
import { treeBefore } from './typed-steps.ts';

export interface EditsAsPatches {
  /** Oldest first: one for each commit of a person's own, one for what is not committed. */
  readonly patches: readonly MailPatch[];
  readonly left: readonly LeftOut[];
  /** Of the wishes those at which nothing was changed. */
  readonly astray: readonly string[];
}

/** A changed path that no patch tells of. */
export interface LeftOut {
  /** Raw, relative to WORKDIR. */
  readonly path: string;
  readonly why:
    | 'new'
    | 'made by a task'
    | 'changed while a task ran'
    | 'outside S'
    | 'not text'
    | 'not a regular file'
    | 'left by the failed patch';
}

export interface Wishes {
  /** Raw paths relative to WORKDIR that are sources though they are new, or made by a task. */
  readonly also: readonly string[];
  /** Of what is not committed. */
  readonly author: string;
  readonly subject: string | undefined;
  readonly seconds: number;
}

/** Writes edits as patches of what do_patch left: in S, of sources only. */
export function editsAsPatches(site: Site, steps: StepsWithTasks, wishes: Wishes): EditsAsPatches {
  const { base, unsure } = steps;
  const objects = hashOnly(site.history().objects);
  const groups = groupsOf(objects, steps);
  const writing: Writing = {
    site,
    objects,
    wishes,
    sources: filesOf(objects, steps.sources ?? sourcesBelow(site, base)?.tree),
    made: filesOf(objects, base?.tree),
    typed: new Map(),
    written: new Map(),
    left: new Map(),
  };
  const patches = groups.flatMap((group) => patchOf(writing, group) ?? []);
  const touched = groups.flatMap((group) => [...group.touched.keys()]);
  const astray = wishes.also.filter((named) => !touched.some((path) => isWithin(named, path)));
  const meanwhile = unsure.map(({ path }) => [path, { path, why: 'changed while a task ran' }] as const);
  const left = new Map<string, LeftOut>([...writing.left, ...meanwhile]);
  return { patches, left: [...left.values()], astray };
}

interface Writing {
  readonly site: Site;
  /** Those of the record, and what is made of them here. */
  readonly objects: ObjectStore;
  readonly wishes: Wishes;
  /** As do_patch left them. */
  readonly sources: Files;
  /** As the result has them that the edits were made on. */
  readonly made: Files;
  /** As they were when the patches so far ended. */
  readonly typed: Map<string, Entry | undefined>;
  /** What the patches so far make of files. */
  readonly written: Map<string, Entry | undefined>;
  readonly left: Map<string, LeftOut>;
}

function patchOf(writing: Writing, group: Group): MailPatch | undefined {
  const { objects } = writing;
  const states = new Map(group.commits.map((at) => [at, filesOf(objects, objects.readCommit(at).tree)]));
  const now: Files = (path) => states.get(group.touched.get(path) ?? group.last)?.(path);
  const paths = [...group.touched.keys()];
  const moved = movedSources(writing, paths, now);
  const files = paths.flatMap((path) => {
    const made = patchedFile(writing, { path, to: now(path), isSource: group.own || moved.has(path) });
    if (typeof made !== 'string') return made ?? [];
    writing.left.set(path, { path, why: made });
    return [];
  });
  return files.length === 0 ? undefined : { ...messageOf(writing, group, files), files };
}

/** What a patch tells of a file; undefined: nothing, as it is what it was; or why none can. */
function patchedFile(
  writing: Writing,
  file: { readonly path: string; readonly to: Entry | undefined; readonly isSource: boolean },
): PatchedFile | LeftOut['why'] | undefined {
  const { site, objects, wishes, made, written, left } = writing;
  const { path } = file;
  const s = rawPath(relative(site.workdir, site.recipe.dirs.s));
  const from = asPatched(writing, path);
  const isSource = file.isSource || written.has(path) || wishes.also.some((named) => isWithin(named, path));
  const why = whyNot(path, { s, from, to: file.to, made: made(path), isSource });
  if (why !== undefined) return why;
  const to = onSources(writing, file);
  writing.typed.set(path, file.to);
  const change = {
    path: below(s, path),
    ...(from && { from: versionOf(objects, from) }),
    ...(to && { to: versionOf(objects, to) }),
  };
  if (!isPatchable(change)) return 'not text';
  left.delete(path);
  written.set(path, to);
  return from?.oid === to?.oid && from?.mode === to?.mode ? undefined : change;
}

/** What was typed, without what tasks had made of the file before. */
function onSources(
  writing: Writing,
  { path, to }: { readonly path: string; readonly to: Entry | undefined },
): Entry | undefined {
  const { objects, typed, made } = writing;
  const from = asPatched(writing, path);
  const base = typed.has(path) ? typed.get(path) : made(path);
  if (to?.oid === undefined || from?.oid === undefined || base?.oid === undefined) return to;
  const mode = to.mode === base.mode ? from.mode : to.mode;
  if (base.oid === from.oid) return { ...to, mode };
  const states = [base.oid, to.oid, from.oid].map((oid) => objects.readBlob(oid));
  if (states.some(isBinary)) return to;
  const [old = '', ours = '', theirs = ''] = states.map((bytes) => bytes.toString('latin1'));
  const merged = mergeTexts({ base: old, ours, theirs });
  if (merged === undefined) throw mixed(writing.site, path);
  return { ...to, mode, oid: objects.writeBlob(Buffer.from(merged, 'latin1')) };
}

/** Nothing tells whose a line is that both changed. */
function mixed({ recipe }: Site, path: string): VarveError {
  const { name } = recipe;
  return new VarveError(
    'usage',
    `${shownPath(path)} of ${name} was edited in lines that a task had changed before, which no patch of the sources can tell; nothing was changed`,
    {
      hints: [
        `varve diff ${name}:edited -- ${shownPath(path)}   shows what was typed`,
        `varve shell ${name}:patch   has the sources as no task has changed them, to type it there`,
      ],
    },
  );
}

/** The file as do_patch and the patches so far have it. */
function asPatched({ sources, written }: Writing, path: string): Entry | undefined {
  return written.has(path) ? written.get(path) : sources(path);
}

/** New files that are sources under another name: one that was removed, or most of it. */
function movedSources(writing: Writing, touched: readonly string[], now: Files): ReadonlySet<string> {
  const { objects } = writing;
  const before = (path: string): Entry | undefined => asPatched(writing, path);
  const lone = (path: string, entry: Entry | undefined): readonly LoneFile[] =>
    entry?.kind === 'file' && entry.oid !== undefined
      ? [{ path, mode: gitMode(entry), oid: entry.oid, size: objects.size(entry.oid) }]
      : [];
  const gone = touched.filter((path) => now(path) === undefined).flatMap((path) => lone(path, before(path)));
  const come = touched
    .filter((path) => before(path) === undefined && writing.made(path) === undefined)
    .flatMap((path) => lone(path, now(path)));
  return new Set(findRenames({ gone, come }, (oid) => objects.readBlob(oid)).map(({ to }) => to.path));
}

/** What stands at a path and is no directory. */
type Files = (path: string) => Entry | undefined;

function filesOf(objects: ObjectStore, tree: TreeId | undefined): Files {
  if (tree === undefined) return () => undefined;
  const where = { tree, metadata: readMetadata(objects, tree) };
  return (path) => {
    const entry = entryAt(objects, where, path);
    return entry?.kind === 'dir' ? undefined : entry;
  };
}

/** What do_patch left, or what stands for it. */
function sourcesBelow(site: Site, base: TaskCommit | undefined): TaskCommit | undefined {
  return resultsBelow(site, base?.id).find(({ task }) => isSourceTask(splitTaskId(task).task));
}

/** States that become one patch: a commit of a person's, or a run of those that varve kept. */
interface Group {
  readonly commits: readonly CommitId[];
  readonly last: CommitId;
  readonly own: boolean;
  /** Paths, in order, each with the last commit that changed it. */
  readonly touched: ReadonlyMap<string, CommitId>;
}

function groupsOf(objects: ObjectStore, steps: StepsWithTasks): readonly Group[] {
  const runs: CommitId[][] = [];
  const isOwn = (commit: CommitId): boolean =>
    objects.readCommit(commit).author !== AUTHOR || steps.rewritten.has(commit);
  for (const commit of steps.typed.toReversed()) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && !isOwn(last) && !isOwn(commit)) runs.at(-1)?.push(commit);
    else runs.push([commit]);
  }
  return runs.flatMap((commits) => {
    const last = commits.at(-1);
    return last === undefined
      ? []
      : [{ commits, last, own: isOwn(last), touched: touchedIn(objects, commits, steps) }];
  });
}

function touchedIn(
  objects: ObjectStore,
  commits: readonly CommitId[],
  steps: StepsWithTasks,
): ReadonlyMap<string, CommitId> {
  const changes = commits.flatMap((commit) => {
    const [from, to] = [treeBefore({ objects }, commit, steps), objects.readCommit(commit).tree];
    return compareTrees(objects, { from, to }).flatMap((change) => {
      const isFile =
        ('to' in change && change.to.kind !== 'dir') || ('from' in change && change.from.kind !== 'dir');
      const counts = steps.ofTasks.get(commit)?.has(change.path) ?? true;
      return isFile && counts ? [[change.path, commit] as const] : [];
    });
  });
  return new Map([...new Map(changes)].toSorted(([one], [other]) => byCodeUnit(one, other)));
}

interface Touched {
  readonly s: string;
  readonly from: Entry | undefined;
  readonly to: Entry | undefined;
  /** As the result has it that the edits were made on. */
  readonly made: Entry | undefined;
  /** Whatever it looks like. */
  readonly isSource: boolean;
}

function whyNot(path: string, { s, from, to, made, isSource }: Touched): LeftOut['why'] | undefined {
  if (!isWithin(s, path)) return 'outside S';
  if ([from, to].some((entry) => entry !== undefined && entry.kind !== 'file')) return 'not a regular file';
  if (isSource) return undefined;
  if (from === undefined) return made === undefined ? 'new' : 'made by a task';
  return made === undefined || from.oid === made.oid ? undefined : 'made by a task';
}

function versionOf(objects: ObjectStore, entry: Entry): FileVersion {
  if (entry.oid === undefined) throw new Error(`${entry.path} has no content`);
  return { mode: gitMode(entry), content: objects.readBlob(entry.oid) };
}

function messageOf(
  { site, wishes }: Writing,
  group: Group,
  files: readonly PatchedFile[],
): Omit<MailPatch, 'files'> {
  const { author, time, message } = site.history().objects.readCommit(group.last);
  if (author === AUTHOR) {
    const { author: who, seconds, subject = usualSubject(site, files) } = wishes;
    return { author: who, seconds, subject, body: '' };
  }
  const [subject = '', ...rest] = message.trim().split('\n');
  return { author, seconds: time, subject, body: rest.join('\n').trim() };
}

function usualSubject(site: Site, files: readonly PatchedFile[]): string {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const what = names.length <= 3 ? names.join(', ') : `${names.length} files`;
  return `${site.recipe.name}: change ${Buffer.from(what, 'latin1').toString()}`;
}
