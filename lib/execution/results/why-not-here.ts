/** Which results in a history do not count: what came from others by who vouched for it, what ran here by who ran it. */
import { whyRefused } from '../../artifacts/why-refused.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { readTrailers, type TaskCommit } from '../../history/task-commits.ts';
import { splitTaskId, taskId, type CommitId, type Signature } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { KeyId } from '../../trust/public-key.ts';
import type { Making } from '../../trust/rule.ts';
import { artifactDir } from '../outline/artifact-dir.ts';
import { originOf } from './artifact-origins.ts';
import type { BuildContext } from '../build-context.ts';
import { localArtifact } from './recipe-artifacts.ts';
import { toldOfRuns } from './told-of-runs.ts';
import type { LocalArtifact, Site } from '../workdir/site.ts';

/** The artifact of a signature in the history, if it counts. */
export function countingArtifact(
  context: BuildContext,
  node: TaskNode,
  signature: Signature,
): LocalArtifact | undefined {
  return weighArtifact(context, node, signature).counting;
}

/** The artifact of a signature in the history, or why it does not count; neither where there is none. */
export function weighArtifact(
  context: BuildContext,
  node: TaskNode,
  signature: Signature,
): { readonly counting?: LocalArtifact; readonly refused?: string } {
  const local = localArtifact(context.site(node.recipe), signature);
  if (local === undefined) return {};
  const refused = whyNotArtifact(context, node, { signature, ...local });
  return refused === undefined ? { counting: local } : { refused };
}

/** Why an artifact in the history does not count, after "it"; undefined: it does. */
function whyNotArtifact(
  context: BuildContext,
  node: TaskNode,
  artifact: LocalArtifact & { readonly signature: Signature },
): string | undefined {
  const { trust } = context;
  if (!trust.isAsked) return undefined;
  const site = context.site(node.recipe);
  const inputs = context.signer.inputs(node.id);
  const { signature, id } = artifact;
  const ran = site.stamped(node.shape.name, signature);
  if (ran !== undefined && leadsTo(site, node, { ran, artifact })) return whyNotChain(context, node, ran);
  const stored = context.store.lookup(signature, inputs);
  const known = 'entry' in stored && stored.entry?.id === id ? stored.entry : undefined;
  const entry = originOf(context.world.fs, site.gitDir, artifact) ?? known;
  if (entry !== undefined) return whyRefused(trust, entry, inputs);
  return trust.needsKey ? 'is from nobody knows where' : trust.whyRevoked({ recipe: node.recipe, inputs });
}

/** Whether a commit of the task has this very artifact: what came from elsewhere may stand in its place. */
function leadsTo(
  site: Site,
  node: TaskNode,
  { ran, artifact }: { readonly ran: TaskCommit; readonly artifact: LocalArtifact },
): boolean {
  const dir = artifactDir(site.recipe, node.shape.name) ?? site.scope.image;
  return site.history().artifactTree(ran.tree, dir) === artifact.tree;
}

/** Why a result that ran here does not count: itself, or what it was made on; edits in force are begun from unasked. */
function whyNotChain(context: BuildContext, node: TaskNode, last: TaskCommit): string | undefined {
  const { objects, readTask } = historyOf(context, node);
  const edits = context.edits.get(node.recipe)?.commit;
  let id: CommitId | undefined = last.id;
  for (; id !== undefined && id !== edits && objects.has(id); id = objects.readCommit(id).parents[0]) {
    const commit = readTask(id);
    const why = commit === undefined ? whyNotStart(context, node, id) : whyNotRun(context, node, commit);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A task after do_install starts from the artifact, which must be the one in force. */
function whyNotStart(context: BuildContext, node: TaskNode, id: CommitId): string | undefined {
  const signature = readTrailers(historyOf(context, node).objects.readCommit(id).message).get('Signature');
  const install = context.graph.tasks.get(taskId(node.recipe, installTask));
  if (signature === undefined || install === undefined || node.id === install.id) return undefined;
  const inForce = countingArtifact(context, install, signature as Signature);
  return inForce?.commit === id ? undefined : 'was made from an artifact that is not used any more';
}

/** Why what a task left here does not count, after "it"; where it ran twice, both runs must be revoked. */
export function whyNotRun(context: BuildContext, node: TaskNode, commit: TaskCommit): string | undefined {
  const { trust, ranNow, graph, signer } = context;
  const isIdle = graph.tasks.get(commit.task)?.shape.noexec ?? false;
  if (trust.revocations().length === 0 || isIdle || ranNow.has(commit.id)) return undefined;
  const inputs = signer.inputs(commit.task);
  const whys = makingsOf(context, node, commit).map((making) => trust.whyRevoked({ ...making, inputs }));
  return whys.includes(undefined) ? undefined : whys[0];
}

/** A commit that nobody ran for was made because the same step had been done before. */
function makingsOf(context: BuildContext, node: TaskNode, commit: TaskCommit): readonly Making[] {
  const { task } = splitTaskId(commit.task);
  const own = runsOf(context, node, commit.id);
  if (own.length > 0) return own;
  const { refs, readTask } = historyOf(context, node);
  const found = [...refs.list(`refs/tags/${task}@`).values()].flatMap((id) => {
    const other = readTask(id as CommitId);
    const isSame = other?.step === commit.step && other.tree === commit.tree;
    return isSame ? runsOf(context, node, other.id) : [];
  });
  return found.length > 0 ? found : [{ recipe: node.recipe }];
}

function runsOf(context: BuildContext, node: TaskNode, commit: CommitId): readonly Making[] {
  return toldOfRuns(context, context.site(node.recipe), commit)
    .filter(({ ok }) => ok)
    .map(({ host, key, start, durationMs }) => ({
      recipe: node.recipe,
      host,
      ...(key !== undefined && { key: key as KeyId }),
      at: new Date(Date.parse(start) + durationMs).toISOString(),
    }));
}

const historyOf = (context: BuildContext, node: TaskNode): ReturnType<Site['history']> =>
  context.site(node.recipe).history();
