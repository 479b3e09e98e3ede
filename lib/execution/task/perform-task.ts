/** Runs one task in its WORKDIR and records what came of it, success or failure. */
import { setImmediate as aTurn } from 'node:timers/promises';
import { join } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { Workplace } from '../../history/workplace.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId, Signature, StepKey, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { beginTask, endTask } from './begin-task.ts';
import { callFunctions, type Called, type TaskCall } from './call-functions.ts';
import { dateRecord } from '../holding/keep-synced.ts';
import { ownersLost } from '../deeds/owners-lost.ts';
import { findXattrTools } from '../hands/find-xattr-tools.ts';
import { makeOwnDirectories, mendOwnDirectories, writeOwnFile, type Spoilt } from './own-directories.ts';
import { pointTo } from './point-to.ts';
import type { Site } from '../workdir/site.ts';
import { unrecordedCapabilities } from '../hands/unrecorded-capabilities.ts';
import { forgetWarnings, takeWarnings } from './told-warnings.ts';

export interface TaskWork extends Omit<TaskCall, 'owners'> {
  readonly signature: Signature;
  readonly step: StepKey;
  /** The commit that the WORKDIR is at. */
  readonly base: CommitId | undefined;
  /** What its commit stands on: that, or the last of the patches that it applied. */
  readonly parent: () => CommitId | undefined;
  readonly edited: boolean;
  /** What makes the result of a task that came to a good end none. */
  readonly spoilt: () => Spoilt | undefined;
}

/** A task that has run and is in the record. */
export interface Performed extends Called {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** It was ended before it came to its end. */
  readonly cutOff: boolean;
  /** Milliseconds that went into the record. */
  readonly recordMs: number;
  /** Raw paths of what it wrote, relative to its directory. */
  readonly changed: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs the task and commits the WORKDIR as it left it: tagged with the signature, or as failed. */
export async function performTask(work: TaskWork): Promise<Performed> {
  const { world, site, node } = work;
  const mark = { task: node.shape.name, signature: work.signature, swapped: node.afterInstall };
  beginTask(world, site, mark);
  let ended: Called;
  try {
    makeOwnDirectories(world, site.recipe.dirs);
    forgetWarnings(world, site);
    ended = await callFunctions({ ...work, owners: placeOf(work).owners });
    if (!ended.ok) await hearSignals();
  } catch (error) {
    // A fault of varve's own: the next build finds the mark and keeps what is there.
    if (node.afterInstall) endTask(world, site);
    throw error;
  }
  const start = world.now();
  dateRecord(world, work.places);
  const spoilt = mendOwnDirectories(world, site, node.shape.name) ?? (ended.ok ? work.spoilt() : undefined);
  const told = spoilt === undefined ? ended : { ...ended, ok: false, ...spoilt };
  const said = takeWarnings(world, site, told.ok);
  const recorded = recordTask(work, told.ok);
  const isInstall = node.shape.name === installTask;
  const lost =
    isInstall && findXattrTools(world) === undefined
      ? unrecordedCapabilities(world, join(site.workdir, site.image))
      : [];
  endTask(world, site);
  const warnings = [...said, ...ended.unrecorded, ...recorded.warnings, ...lost, ...ownersLost(work)];
  return { ...told, ...recorded, warnings, recordMs: world.now() - start };
}

/**
 * Ctrl-C ends a program that varve waits for, as xz, and is heard of only when node looks for signals again: within this
 * turn of its event loop that may be over, within the next it is not.
 */
async function hearSignals(): Promise<void> {
  await aTurn();
  await aTurn();
}

/** The directory in which the task works. */
function placeOf({
  site,
  node,
}: Pick<TaskWork, 'site' | 'node'>): Pick<Workplace, 'snapshot' | 'discard' | 'owners'> {
  return node.afterInstall ? site.history().beside('after', site.workdir) : site.history();
}

/** Commits the WORKDIR after a task; the tag that makes it a hit comes last. */
export function recordTask(
  work: TaskWork,
  ok: boolean,
): Pick<Performed, 'commit' | 'tree' | 'cutOff' | 'changed' | 'warnings'> {
  const { site, node, signature } = work;
  const history = site.history();
  const task = node.shape.name;
  const place = placeOf(work);
  const taken = place.snapshot(site.scope, work.base);
  // The next task finds what it would find had the commit been laid out.
  const warnings = [...taken.warnings, ...place.discard(taken.special)];
  const cutOff = !ok && work.signal.aborted;
  const commit = commitTask(
    { ...work, parent: work.parent() },
    { tree: taken.tree, shortfall: ok ? undefined : cutOff ? 'Cut-Off' : 'Failed' },
  );
  history.notes.jot(commit, { times: taken.times });
  if (ok) {
    history.refs.write(refs.newest(task), commit);
    if (!node.shape.nostamp) history.refs.write(refs.stamp(task, signature), commit);
  } else {
    history.refs.write(refs.failed(task), commit);
  }
  if (!node.afterInstall) history.refs.setHead(commit);
  return { commit, tree: taken.tree, cutOff, changed: taken.changed, warnings };
}

/** A trailer: what a task leaves that does not come to a good end is another commit, even where the tree is the same. */
type Shortfall = 'Failed' | 'Cut-Off';

/** Writes a task's commit for a tree that is in the history. */
export function commitTask(
  work: Pick<TaskWork, 'site' | 'node' | 'signature' | 'step' | 'edited'> & {
    readonly parent: CommitId | undefined;
  },
  { tree, shortfall }: { readonly tree: TreeId; readonly shortfall?: Shortfall | undefined },
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
      ...(shortfall === undefined ? [] : ([[shortfall, 'yes']] as const)),
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
