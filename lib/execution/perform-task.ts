/** Runs one task in its WORKDIR and records what came of it, success or failure. */
import { join } from 'node:path';
import { installTask } from '../graph/arrange-tasks.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import type { World } from '../ports/world.ts';
import type { CommitId, Signature, StepKey, TreeId } from '../terms/ids.ts';
import { hostToolsDir, refs, type Places } from '../terms/places.ts';
import type { TaskNode } from '../terms/task-graph.ts';
import { beginTask, endTask } from './begin-task.ts';
import { dateRecord } from './keep-synced.ts';
import { makeOwnDirectories, mendOwnDirectories, writeOwnFile } from './own-directories.ts';
import { pointTo } from './point-to.ts';
import { runFunctions, type CallsEnded } from './run-functions.ts';
import { isSet } from './is-set.ts';
import type { NativeName } from './split-body.ts';
import type { Site } from './site.ts';
import { unrecordedCapabilities } from './unrecorded-capabilities.ts';
import { forgetWarnings, takeWarnings } from './told-warnings.ts';

export interface TaskWork {
  readonly world: World;
  readonly places: Places;
  readonly site: Site;
  readonly node: TaskNode;
  readonly signature: Signature;
  readonly step: StepKey;
  /** The commit that the WORKDIR is at. */
  readonly base: CommitId | undefined;
  /** What its commit stands on: that, or the last of the patches that it applied. */
  readonly parent: () => CommitId | undefined;
  readonly edited: boolean;
  readonly runner: TaskRunner;
  readonly log: string;
  readonly signal: AbortSignal;
  readonly readOnly: readonly string[];
  readonly native: (name: NativeName) => Promise<void>;
}

/** A task that has run and is in the record. */
export interface Performed extends CallsEnded {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** Milliseconds that went into the record. */
  readonly recordMs: number;
  readonly warnings: readonly string[];
}

/** Runs the task and commits the WORKDIR as it left it: tagged with the signature, or as failed. */
export async function performTask(work: TaskWork): Promise<Performed> {
  const { world, site, node } = work;
  const mark = { task: node.shape.name, signature: work.signature, swapped: node.afterInstall };
  beginTask(world, site, mark);
  let ended: CallsEnded;
  try {
    makeOwnDirectories(world, site.recipe.dirs);
    forgetWarnings(world, site);
    ended = await callFunctions(work);
  } catch (error) {
    // A fault of varve's own: the next build finds the mark and keeps what is there.
    if (node.afterInstall) endTask(world, site);
    throw error;
  }
  const start = world.now();
  dateRecord(world, work.places);
  const spoilt = mendOwnDirectories(world, site, node.shape.name);
  const told = spoilt === undefined ? ended : { ...ended, ok: false, ...spoilt };
  const said = takeWarnings(world, site, told.ok);
  const recorded = recordTask(work, told.ok);
  const lost =
    node.shape.name === installTask ? unrecordedCapabilities(world, join(site.workdir, site.image)) : [];
  endTask(world, site);
  const warnings = [...said, ...recorded.warnings, ...lost];
  return { ...told, ...recorded, warnings, recordMs: world.now() - start };
}

/** What the functions of a task need; its result is another matter. */
export type TaskCall = Pick<
  TaskWork,
  'world' | 'places' | 'site' | 'node' | 'runner' | 'log' | 'readOnly' | 'signal' | 'native'
>;

/** Calls the functions of a task in its WORKDIR. */
export function callFunctions(work: TaskCall): Promise<CallsEnded> {
  const { world, places, site, node } = work;
  const task = node.shape.name;
  const data = site.recipe.data.withTask(task);
  const fetches = task === 'do_fetch';
  return runFunctions({
    world,
    recipe: site.recipe,
    data,
    task,
    runner: work.runner,
    log: work.log,
    hostTools: hostToolsDir(places),
    writable: fetches ? [places.downloadDir] : [],
    readOnly: work.readOnly,
    network: fetches || isSet(data.flag(task, 'network')),
    umask: Number.parseInt(data.flag(task, 'umask') ?? '022', 8),
    signal: work.signal,
    native: work.native,
  });
}

/** Commits the WORKDIR after a task; the tag that makes it a hit comes last. */
export function recordTask(
  work: TaskWork,
  ok: boolean,
): { readonly commit: CommitId; readonly tree: TreeId; readonly warnings: readonly string[] } {
  const { site, node, signature } = work;
  const history = site.history();
  const task = node.shape.name;
  const taken = node.afterInstall
    ? history.beside('after', site.workdir).snapshot(site.scope, work.base)
    : history.snapshot(site.scope, work.base);
  const commit = commitTask(
    { ...work, parent: work.parent() },
    { tree: taken.tree, cutOff: !ok && work.signal.aborted },
  );
  history.notes.set('times', new Map([[commit, taken.times]]));
  if (ok) {
    history.refs.write(refs.newest(task), commit);
    if (!node.shape.nostamp) history.refs.write(refs.stamp(task, signature), commit);
  } else {
    history.refs.write(refs.failed(task), commit);
  }
  if (!node.afterInstall) history.refs.setHead(commit);
  return { commit, tree: taken.tree, warnings: taken.warnings };
}

/** Writes a task's commit for a tree that is in the history. */
export function commitTask(
  work: Pick<TaskWork, 'site' | 'node' | 'signature' | 'step' | 'edited'> & {
    readonly parent: CommitId | undefined;
  },
  { tree, cutOff = false }: { readonly tree: TreeId; readonly cutOff?: boolean },
): CommitId {
  const { site, node, parent } = work;
  return site.history().commit({
    tree,
    parents: parent === undefined ? [] : [parent],
    subject: `${node.shape.name}: ${site.title}`,
    trailers: [
      ['Task', node.id],
      ['Signature', work.signature],
      ['Step', work.step],
      ...(work.edited ? ([['Edited', 'yes']] as const) : []),
      ...(cutOff ? ([['Cut-Off', 'yes']] as const) : []),
    ],
    time: site.epoch,
  });
}

/** Begins the log of a task, in T; `log.do_x` leads to the newest. */
export function beginLog(world: World, site: Site, task: string): string {
  const { t } = site.recipe.dirs;
  const name = `log.${task}.${world.pid}`;
  makeOwnDirectories(world, site.recipe.dirs);
  writeOwnFile(world, join(t, name), '');
  pointTo(world, join(t, `log.${task}`), name);
  return join(t, name);
}
