/** Tasks whose result is there without anything having run. */
import type { TaskCommit } from '../../history/task-commits.ts';
import type { Ended } from '../../planning/planner.ts';
import { computeStepKey } from '../../signatures/compute-signature.ts';
import type { CommitId, Signature, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { publish } from './artifact-deeds.ts';
import { emitFinished, isEdited, type Doing, type Turn } from './doing.ts';
import { commitTask } from '../task/perform-task.ts';
import { repeatPatches } from './record-patches.ts';
import { baseCommit, standingCommit } from '../results/standing-results.ts';

/** The same work on the same tree was done before: its result is tagged anew, and nothing runs. */
export function repeatStep(doing: Doing, turn: Turn & { readonly again: TaskCommit }): Ended {
  const { context } = doing;
  const { node, step, base, again } = turn;
  const { tree } = again;
  const site = context.site(node.recipe);
  const parent = repeatPatches(site, base, site.history().applied(again.id).patches);
  const commit = commitTask(
    { site, node, signature: step.signature, step: turn.stepKey, parent, edited: isEdited(context, node) },
    { tree },
  );
  site.history().refs.write(refs.newest(node.shape.name), commit);
  site.history().refs.write(refs.stamp(node.shape.name, step.signature), commit);
  return arrive(doing, { node, signature: step.signature, commit, tree });
}

/** A result that is there without anything having run. */
export function arrive(
  doing: Doing,
  result: {
    readonly node: TaskNode;
    readonly signature: Signature;
    readonly commit: CommitId;
    readonly tree: TreeId;
  },
): Ended {
  const { node, signature, commit, tree } = result;
  const published = node.shape.artifact ? publish(doing, node, { signature, tree, commit }) : { id: tree };
  emitFinished(doing.context, node, {
    verdict: 'refused' in published ? 'run' : 'current',
    signature,
    commit,
    tree,
    durationMs: 0,
    recordMs: 0,
    ...('refused' in published && { failure: published.refused }),
  });
  if ('refused' in published) return { kind: 'failed' };
  return { kind: 'done', id: published.id, commit, repeated: true };
}

/**
 * A noexec task: a commit with the same tree where there is one to stand on, and nothing else. Beside the way to do_install
 * and from there it leaves nothing: it does not wait for what it would stand on, which is there or not.
 */
export function passThrough(doing: Doing, node: TaskNode, signature: Signature): Ended {
  const { context } = doing;
  const isBeside = !node.beforeInstall && !node.afterInstall;
  const base = baseCommit(context, node);
  const site = context.site(node.recipe);
  if (isBeside || !base.known || base.commit === undefined)
    return { kind: 'done', id: 'nothing', repeated: true };
  const { tree } = site.history().objects.readCommit(base.commit);
  const standing = standingCommit(context, node);
  if (standing !== undefined) return { kind: 'done', id: tree, commit: standing.id, repeated: true };
  const stepKey = computeStepKey(context.signer.inputs(node.id), tree);
  const commit = commitTask(
    { site, node, signature, step: stepKey, parent: base.commit, edited: isEdited(context, node) },
    { tree },
  );
  site.history().refs.write(refs.newest(node.shape.name), commit);
  if (!node.shape.nostamp) site.history().refs.write(refs.stamp(node.shape.name, signature), commit);
  return { kind: 'done', id: tree, commit, repeated: true };
}
