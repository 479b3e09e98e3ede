/** A person's edits as patches of the sources. */
import { relative } from 'node:path';
import { resultsBelow } from '../execution/results-below.ts';
import type { Site } from '../execution/site.ts';
import { isSourceTask } from '../graph/source-tasks.ts';
import { AUTHOR, type TaskCommit } from '../history/task-commits.ts';
import type { Entry, ObjectStore } from '../ports/objects.ts';
import { type FileVersion, isPatchable, type MailPatch } from '../sources/format-mail-patch.ts';
import { byCodeUnit, splitTaskId, type CommitId, type TreeId } from '../terms/ids.ts';
import { compareTrees } from '../trees/compare-trees.ts';
import { listEntries } from '../trees/list-entries.ts';
import { rawPath } from '../trees/raw-text.ts';
import { below, isWithin } from '../trees/tree-metadata.ts';
import { gitMode } from '../trees/write-entries.ts';
import type { TypedSteps } from './typed-steps.ts';

export interface EditsAsPatches {
  /** Oldest first: one for each commit of a person's own, one for what is not committed. */
  readonly patches: readonly MailPatch[];
  readonly left: readonly LeftOut[];
}

/** A changed path that no patch tells of. */
export interface LeftOut {
  /** Raw, relative to WORKDIR. */
  readonly path: string;
  readonly why: 'new' | 'made by a task' | 'outside S' | 'not text' | 'not a regular file';
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
export function editsAsPatches(site: Site, { base, typed }: TypedSteps, wishes: Wishes): EditsAsPatches {
  const { objects } = site.history();
  const sources = sourcesBelow(site, base);
  const at = filesOf(objects, sources?.tree);
  const made = filesOf(objects, base?.tree);
  const s = rawPath(relative(site.workdir, site.recipe.dirs.s));
  const left = new Map<string, LeftOut>();
  const written = new Set<string>();
  const patches: MailPatch[] = [];
  for (const group of groupsOf(objects, typed)) {
    const now = filesOf(objects, objects.readCommit(group.last).tree);
    const files = [...touchedIn(objects, group.commits)].toSorted(byCodeUnit).flatMap((path) => {
      const [from, to] = [at.get(path), now.get(path)];
      const isSource = group.own || written.has(path) || wishes.also.some((named) => isWithin(named, path));
      const why = whyNot(path, { s, from, to, made: made.get(path), isSource });
      if (why !== undefined) {
        left.set(path, { path, why });
        return [];
      }
      const file = {
        path: below(s, path),
        ...(from && { from: versionOf(objects, from) }),
        ...(to && { to: versionOf(objects, to) }),
      };
      if (!isPatchable(file)) {
        left.set(path, { path, why: 'not text' });
        return [];
      }
      left.delete(path);
      written.add(path);
      if (to === undefined) at.delete(path);
      else at.set(path, to);
      return from?.oid === to?.oid && from?.mode === to?.mode ? [] : [file];
    });
    if (files.length > 0) patches.push({ ...messageOf(objects, group, { site, wishes, files }), files });
  }
  return { patches, left: [...left.values()] };
}

type Files = Map<string, Entry>;

function filesOf(objects: ObjectStore, tree: TreeId | undefined): Files {
  const entries = tree === undefined ? [] : listEntries(objects, tree);
  return new Map(entries.filter(({ kind }) => kind !== 'dir').map((entry) => [entry.path, entry]));
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
}

function groupsOf(objects: ObjectStore, typed: readonly CommitId[]): readonly Group[] {
  const groups: Group[] = [];
  for (const commit of typed.toReversed()) {
    const own = objects.readCommit(commit).author !== AUTHOR;
    const before = groups.at(-1);
    if (!own && before?.own === false)
      groups[groups.length - 1] = { commits: [...before.commits, commit], last: commit, own };
    else groups.push({ commits: [commit], last: commit, own });
  }
  return groups;
}

function touchedIn(objects: ObjectStore, commits: readonly CommitId[]): ReadonlySet<string> {
  const changes = commits.flatMap((commit) => {
    const { tree, parents } = objects.readCommit(commit);
    const from = parents[0] === undefined ? undefined : objects.readCommit(parents[0]).tree;
    return compareTrees(objects, { from, to: tree });
  });
  const ofFiles = changes.filter(
    (change) =>
      ('to' in change && change.to.kind !== 'dir') || ('from' in change && change.from.kind !== 'dir'),
  );
  return new Set(ofFiles.map(({ path }) => path));
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
  objects: ObjectStore,
  group: Group,
  {
    site,
    wishes,
    files,
  }: { readonly site: Site; readonly wishes: Wishes; readonly files: readonly { readonly path: string }[] },
): Omit<MailPatch, 'files'> {
  if (!group.own) {
    const { author, seconds, subject = usualSubject(site, files) } = wishes;
    return { author, seconds, subject, body: '' };
  }
  const { author, time, message } = objects.readCommit(group.last);
  const [subject = '', ...rest] = message.trim().split('\n');
  return { author, seconds: time, subject, body: rest.join('\n').trim() };
}

function usualSubject(site: Site, files: readonly { readonly path: string }[]): string {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const what = names.length <= 3 ? names.join(', ') : `${names.length} files`;
  return `${site.recipe.name}: change ${Buffer.from(what, 'latin1').toString()}`;
}
