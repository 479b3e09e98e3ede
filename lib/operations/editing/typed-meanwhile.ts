/** What was typed while tasks ran is told from what these did, where anything tells it. */
import { resultsBelow } from '../../execution/edits/results-below.ts';
import { changedMeanwhile } from '../../execution/workdir/changed-meanwhile.ts';
import { isResult } from '../../execution/workdir/find-left.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { isSourceTask } from '../../graph/source-tasks.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { entryAt } from '../../trees/list-entries.ts';
import { isWithin, readMetadata } from '../../trees/tree-metadata.ts';
import { typedSteps, type TypedSteps } from './typed-steps.ts';

export interface StepsWithTasks extends TypedSteps {
  /** The sources that the edits are told of; absent: as do_patch left them. */
  readonly sources?: TreeId;
  /** Of the steps that tasks left the raw paths that count as typed; of all others each path does. */
  readonly ofTasks: ReadonlyMap<CommitId, ReadonlySet<string>>;
  /** What the task may have changed, or a person. */
  readonly unsure: readonly { readonly path: string; readonly step: TaskCommit }[];
}

/**
 * Adds to the steps below a commit what was typed while tasks ran: a source that a task leaves alone, as its result without
 * edits shows, was typed, and so was what `also` names.
 */
export function typedMeanwhile(
  site: Site,
  commit: CommitId | undefined,
  also: readonly string[],
): StepsWithTasks {
  const history = site.history();
  const { base, line, typed, rewritten } = typedSteps(history, commit);
  const ofTasks = new Map<CommitId, ReadonlySet<string>>();
  const unsure: { path: string; step: TaskCommit }[] = [];
  for (const at of line) {
    const step = history.readTask(at);
    if (step === undefined) continue;
    const { sources, beside } = changedMeanwhile(site, step);
    const isNamed = (path: string): boolean => also.some((named) => isWithin(named, path));
    const whoDid = new Map(
      sources.map((path) => [path, isNamed(path) ? 'typed' : whose(site, { base, step, path })]),
    );
    const by = (who: string): readonly string[] => sources.filter((path) => whoDid.get(path) === who);
    const isTyped = sources.length + beside.length > 0;
    const added = step.fell && isTyped ? addedIn(site, step) : beside;
    ofTasks.set(at, new Set([...by('typed'), ...(step.fell ? by('made') : []), ...added]));
    unsure.push(...by('unsure').map((path) => ({ path, step })));
  }
  const steps = line.filter((at) => (ofTasks.get(at)?.size ?? (typed.includes(at) ? 1 : 0)) > 0);
  return { base, line, typed: steps, rewritten, ofTasks, unsure };
}

/** Nobody knows which of them the task has made: all are told. */
function addedIn(site: Site, { id, tree }: TaskCommit): readonly string[] {
  const { objects, applied } = site.history();
  const start = applied(id).start;
  const from = start && objects.readCommit(start).tree;
  return compareTrees(objects, { from, to: tree }).flatMap(({ status, path }) =>
    status === 'A' ? [path] : [],
  );
}

function whose(
  site: Site,
  {
    base,
    step,
    path,
  }: { readonly base: TaskCommit | undefined; readonly step: TaskCommit; readonly path: string },
): 'typed' | 'made' | 'unsure' {
  const below = resultsBelow(site, base?.id);
  const sources = below.find(({ task }) => isSourceTask(splitTaskId(task).task));
  if (contentAt(site, base?.tree, path) !== contentAt(site, sources?.tree, path)) return 'made';
  const { task } = splitTaskId(step.task);
  const made = [site.newest(task), ...below].find(
    (one) => one?.task === step.task && !one.edited && isResult(site, one),
  );
  if (made === undefined) return 'unsure';
  const { objects, applied } = site.history();
  const start = applied(made.id).start;
  const before = start && objects.readCommit(start).tree;
  return contentAt(site, made.tree, path) === contentAt(site, before, path) ? 'typed' : 'unsure';
}

function contentAt(site: Site, tree: TreeId | undefined, path: string): string | undefined {
  if (tree === undefined) return undefined;
  const { objects } = site.history();
  return entryAt(objects, { tree, metadata: readMetadata(objects, tree) }, path)?.oid;
}
