/** Runs a task once more from where it started, beside all that is recorded, to see whether the same comes of it. */
import { join } from 'node:path';
import type { GivenByInode } from '../../history/adopt-given.ts';
import type { CommitId, Signature, TreeId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { beginTask, endTask } from './begin-task.ts';
import type { BuildContext } from '../build-context.ts';
import { callFunctions } from './call-functions.ts';
import { nativeDeeds } from '../deeds/native-deeds.ts';
import { makeOwnDirectories } from './own-directories.ts';
import { beginLog } from './perform-task.ts';
import { removeTree } from '../workdir/remove-tree.ts';
import type { Site } from '../workdir/site.ts';
import { enterAfterDir } from '../workdir/workdir.ts';

export interface Repetition {
  readonly node: TaskNode;
  readonly signature: Signature;
  /** What the task started from; undefined: nothing. */
  readonly start: CommitId | undefined;
  /** What it left then. */
  readonly recorded: CommitId;
  /** What in its sysroots belongs to others than root. */
  readonly sysrootOwned: GivenByInode;
}

/** How a repeated task ended. */
export type Repeated =
  | { readonly kind: 'same' }
  /** Its tree is in the history, and nothing names it there. */
  | { readonly kind: 'other'; readonly tree: TreeId }
  | { readonly kind: 'failed'; readonly message: string; readonly log: string };

/**
 * Runs a task in a directory that takes WORKDIR's place meanwhile, as for tasks after do_install: all paths are as they
 * were. No name is written, and WORKDIR with its T comes back as it was. The caller holds the build lock.
 */
export async function repeatTask(context: BuildContext, repetition: Repetition): Promise<Repeated> {
  const { world } = context;
  const site = context.site(repetition.node.recipe);
  const wasThere = world.fs.existsSync(site.workdir);
  // T stays with the WORKDIR: its logs are those of builds.
  const { t } = site.recipe.dirs;
  const apart = {
    ...site,
    scope: { ...site.scope, exclude: site.scope.exclude.filter((path) => join(site.workdir, path) !== t) },
  };
  removeTree(world, site.afterDir);
  if (repetition.start !== undefined) enterAfterDir(world, site, repetition.start);
  const { signature, node } = repetition;
  beginTask(world, apart, { task: node.shape.name, signature, swapped: true });
  try {
    return await runAgain(context, site, repetition);
  } finally {
    endTask(world, apart);
    removeTree(world, site.afterDir);
    site.history().beside('after', site.afterDir).forget(site.scope);
    if (!wasThere) removeTree(world, site.workdir);
  }
}

async function runAgain(
  context: BuildContext,
  site: Site,
  { node, recorded, sysrootOwned }: Repetition,
): Promise<Repeated> {
  const { world } = context;
  makeOwnDirectories(world, site.recipe.dirs);
  const log = beginLog(world, site, node.shape.name);
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const place = site.history().beside('after', site.workdir);
  const ended = await callFunctions({
    ...context,
    site,
    node,
    log,
    owners: place.owners,
    sysrootOwned: () => sysrootOwned,
    readOnly: [...context.readOnly, sysroot, sysrootNative],
    native: nativeDeeds(context, site, { log, onPatch: () => {} }),
  });
  if (!ended.ok) {
    const text = world.fs.existsSync(log) ? world.fs.readFileSync(log, 'utf8') : '';
    return { kind: 'failed', message: ended.message ?? `${node.id} failed`, log: text };
  }
  if (place.changed(site.scope, recorded) === undefined) return { kind: 'same' };
  return { kind: 'other', tree: place.snapshot(site.scope, recorded).tree };
}
