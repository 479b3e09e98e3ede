/** Which results stand: what the planner's questions are answered with. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { AcEntry, Builder } from '../../artifacts/ac-entry.ts';
import type { Found } from '../../planning/planner.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import { splitTaskId, taskId, type CommitId, type Signature } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { Failure, Reason } from '../../terms/verdict.ts';
import { version } from '../../terms/version.ts';
import type { BuildContext } from '../build-context.ts';
import { originOf } from './artifact-origins.ts';
import { buildDirs } from './find-build-paths.ts';
import { publishArtifact } from './recipe-artifacts.ts';
import type { LocalArtifact, Site } from '../workdir/site.ts';
import { startOf } from './start-of.ts';
import { toldOfRuns } from './told-of-runs.ts';
import { weighBuildPaths } from './weigh-build-paths.ts';
import { countingArtifact, weighArtifact, whyNotRun } from './why-not-here.ts';

/** Results of this plan that are known to be gone, with what was found instead. */
export type Losses = Map<Signature, string>;

/** Looks for a result of `node` under its signature. */
export function lookForResult(
  context: BuildContext,
  node: TaskNode,
  signature: Signature,
  losses: Losses,
): Found {
  const none = (reason: Reason): Found => ({ kind: 'none', reason });
  const lost = losses.get(signature);
  if (lost !== undefined) return none({ kind: 'missing', what: lost });
  if (!isReused(context, node)) return none({ kind: 'forced' });
  const found = node.restorable ? lookForArtifact(context, node, signature) : lookForCommit(context, node);
  const refused = context.refused.get(node.id);
  if (found === undefined && refused !== undefined)
    return none({ kind: 'missing', what: `its result ${refused}` });
  return found ?? none(reasonToRun(context, node, signature));
}

/** Whether a result that stands would be used at all. */
export function isReused(context: BuildContext, node: TaskNode): boolean {
  return context.cache && !context.forced.has(node.id) && !node.shape.nostamp;
}

function lookForCommit(context: BuildContext, node: TaskNode): Found | undefined {
  const commit = standingCommit(context, node);
  if (commit === undefined) return undefined;
  const artifact = node.shape.artifact
    ? countingArtifact(context, node, commit.signature)
    : { id: commit.tree };
  return artifact === undefined ? undefined : { kind: 'current', id: artifact.id, commit: commit.id };
}

function lookForArtifact(context: BuildContext, node: TaskNode, signature: Signature): Found | undefined {
  const { trust, signer } = context;
  const site = context.site(node.recipe);
  const local = artifactHere(context, node, signature);
  const stored = context.store.lookup(signature, trust.isAsked ? signer.inputs(node.id) : undefined);
  if (stored.kind === 'damaged') {
    context.emit({
      event: 'message',
      level: 'warning',
      about: node.id,
      text: `${node.recipe}: the artifact store's entry is damaged (${stored.why}); it is made anew`,
    });
  }
  if (stored.kind === 'refused' && local === undefined) context.refused.set(node.id, stored.why);
  const entry = stored.kind === 'found' ? stored.entry : undefined;
  if (refusePaths(context, node, entry)) return undefined;
  const isOther = entry !== undefined && entry.id !== local?.id;
  // Once it is marked, no collection of garbage takes it away.
  if (isOther && (context.dryRun || context.store.archives.markUsed(entry.archive, context.world.now())))
    return { kind: 'restore', id: entry.id };
  if (local === undefined) return undefined;
  if (entry?.id !== local.id && !context.dryRun && context.edits.get(node.recipe) === undefined)
    republish(context, node, { signature, ...local });
  const commit = site.stamped(node.shape.name, signature);
  return { kind: 'current', id: local.id, ...(commit === undefined ? {} : { commit: commit.id }) };
}

/** Whether an artifact is none because of what it names; then it is noted why. */
export function refusePaths(context: BuildContext, node: TaskNode, entry: AcEntry | undefined): boolean {
  const weighed = weighBuildPaths(context.site(node.recipe).recipe, entry?.buildPaths);
  if (weighed?.level !== 'error') return false;
  context.refused.set(node.id, weighed.text);
  return true;
}

/** The artifact in the history, if it counts. */
function artifactHere(
  context: BuildContext,
  node: TaskNode,
  signature: Signature,
): LocalArtifact | undefined {
  const { counting, refused } = weighArtifact(context, node, signature);
  if (refused !== undefined) context.refused.set(node.id, refused);
  return counting;
}

/** The store was emptied, the history was not: what stands there is exported again, in the name of who made it. */
function republish(
  context: BuildContext,
  node: TaskNode,
  local: LocalArtifact & { readonly signature: Signature },
): void {
  const site = context.site(node.recipe);
  const origin = originOf(context.world.fs, site.gitDir, local);
  // In the place of what does not count it would be of no use, and be put there by every build.
  if (origin === undefined && !context.trust.vouches) return;
  publishArtifact(context, site, {
    task: node.shape.name,
    signature: local.signature,
    tree: local.tree,
    origin,
    commit: site.stamped(node.shape.name, local.signature)?.id,
    builtBy: builtBy(context),
    buildDirs: buildDirs(context.world.fs, context.places.tmpDir, site),
    weigh: () => undefined,
    inputs: context.signer.inputs(node.id),
    from: startOf(context, node),
    edited: false,
    force: true,
  });
}

/** Who vouches for an artifact. */
export function builtBy({ world }: BuildContext): Builder {
  return { host: world.hostname, varve: version, at: new Date(world.now()).toISOString() };
}

/** The commit of a task under its signature, if it stands on the commits in force. */
export function standingCommit(context: BuildContext, node: TaskNode): TaskCommit | undefined {
  const signature = context.known.signature(node.id);
  const site = context.site(node.recipe);
  if (signature === undefined || !site.hasHistory() || site.isElsewhere()) return undefined;
  if (node.shape.nostamp) return ranInThisBuild(context, node);
  const commit = site.stamped(node.shape.name, signature);
  if (commit === undefined) return undefined;
  const base = baseCommit(context, node);
  const standsOn = (start: CommitId | undefined): boolean =>
    commit.parents[0] === start || site.history().applied(commit.id).start === start;
  const counts = base.known && standsOn(base.commit) && whyNotRun(context, node, commit) === undefined;
  return counts ? commit : undefined;
}

/** Of a task that always runs no other result counts. */
function ranInThisBuild(context: BuildContext, node: TaskNode): TaskCommit | undefined {
  const commit = context.known.commit(node.id);
  return commit === undefined ? undefined : context.site(node.recipe).history().readTask(commit);
}

/** What a task starts from: a commit, nothing (undefined), or something that is not here yet. */
export type Base =
  | { readonly known: true; readonly commit: CommitId | undefined }
  | { readonly known: false };

/** The commit that a task's WORKDIR starts from. */
export function baseCommit(context: BuildContext, node: TaskNode): Base {
  const editing = context.edits.get(node.recipe);
  if (editing?.from === node.shape.name) return { known: true, commit: editing.commit };
  const parent = node.parent === undefined ? undefined : context.graph.tasks.get(node.parent);
  if (parent !== undefined) return leftBy(context, parent);
  if (!node.afterInstall) return { known: true, commit: undefined };
  const install = context.graph.tasks.get(taskId(node.recipe, installTask));
  const signature = install === undefined ? undefined : context.known.signature(install.id);
  const artifact =
    install === undefined || signature === undefined
      ? undefined
      : countingArtifact(context, install, signature);
  return artifact === undefined ? { known: false } : { known: true, commit: artifact.commit };
}

/** What the task before left; one with nothing to run leaves no commit where it had none to stand on. */
function leftBy(context: BuildContext, parent: TaskNode): Base {
  const commit = standingCommit(context, parent);
  if (commit !== undefined) return { known: true, commit: commit.id };
  const below = parent.shape.noexec ? baseCommit(context, parent) : undefined;
  return below?.known === true && below.commit === undefined ? below : { known: false };
}

/** Why a task would run for which no result was found. */
export function reasonToRun(context: BuildContext, node: TaskNode, signature: Signature): Reason {
  const site = context.site(node.recipe);
  const task = node.shape.name;
  if (!site.hasHistory()) return { kind: 'never-built' };
  if (site.isElsewhere() && site.stamped(task, signature) !== undefined) {
    return {
      kind: 'missing',
      what: `it was made for a WORKDIR at ${site.history().recordedWorkdir() ?? 'another path'}`,
    };
  }
  const stamped = site.stamped(task, signature);
  const revoked = stamped === undefined ? undefined : whyNotRun(context, node, stamped);
  if (revoked !== undefined) return { kind: 'missing', what: `its result ${revoked}` };
  if (stamped !== undefined && node.parent !== undefined && baseCommit(context, node).known) {
    const before = splitTaskId(node.parent).task;
    return { kind: 'missing', what: `its result was made on another one of ${before}` };
  }
  const isNew = site.newest(task) === undefined;
  const failed = newestFailure(context, { site, task, signature });
  // Of other inputs it is told only where nothing succeeded since.
  const telling = failed !== undefined && (isNew || failed.sameInputs) ? { failed } : {};
  return { kind: isNew ? 'never-built' : 'inputs-changed', ...telling };
}

function newestFailure(
  context: BuildContext,
  { site, task, signature }: { readonly site: Site; readonly task: string; readonly signature: Signature },
): Failure | undefined {
  const commit = site.failed(task);
  if (commit === undefined) return undefined;
  const build = toldOfRuns(context, site, commit.id).findLast(({ ok }) => !ok)?.build;
  // What failed and was not cut off has a run; where no note tells of it, nobody knows in which build.
  if (build === undefined && commit.fell && !commit.cutOff) return undefined;
  return { sameInputs: commit.signature === signature, ...(build === undefined ? {} : { build }) };
}
