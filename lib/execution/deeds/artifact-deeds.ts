/** Artifacts come from the store and go into it. */
import type { BuildPaths } from '../../artifacts/ac-entry.ts';
import type { Brought } from '../../artifacts/mirrors.ts';
import type { Lookup } from '../../artifacts/store.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { taskId, type CommitId, type Signature, type TreeId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { buildDirs } from '../results/find-build-paths.ts';
import { weighBuildPaths } from '../results/weigh-build-paths.ts';
import { failureOf, warnOfPaths, type Failure } from './told-paths.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import { artifactDir } from '../outline/artifact-dir.ts';
import type { BuildContext } from '../build-context.ts';
import { emitFinished, isEdited, type Doing } from './doing.ts';
import { bringArtifact, publishArtifact } from '../results/recipe-artifacts.ts';
import type { LocalArtifact } from '../workdir/site.ts';
import { builtBy } from '../results/standing-results.ts';
import { startOf } from '../results/start-of.ts';
import { countingArtifact } from '../results/why-not-here.ts';

/** Brings an artifact into its recipe's history; false, and said, where no copy is whole. */
export function restore(doing: Doing, node: TaskNode, signature: Signature): Promise<boolean> {
  const begun = doing.restoring.get(node.id);
  if (begun !== undefined) return begun;
  const work = bring(doing, node, signature).finally(() => doing.restoring.delete(node.id));
  doing.restoring.set(node.id, work);
  return work;
}

async function bring(doing: Doing, node: TaskNode, signature: Signature): Promise<boolean> {
  const { store, mirrors, world, site, signer } = doing.context;
  const inputs = signer.inputs(node.id);
  const start = world.now();
  const stored = store.lookup(signature, inputs);
  const found: Lookup | Brought =
    stored.kind === 'found' || mirrors === undefined
      ? stored
      : await mirrors.bring({ signature, task: node.id, inputs }, store);
  const recordStart = world.now();
  const to = { fs: world.fs, store };
  const brought = found.kind === 'found' ? bringArtifact(to, site(node.recipe), found.entry) : undefined;
  if (brought === undefined) {
    // What it said of its content was not so, or nobody can give it any more.
    mirrors?.refuse(signature);
    lose(doing, node, {
      signature,
      why: 'why' in found ? found.why : 'its archive is damaged or gone',
    });
    return false;
  }
  doing.restored.add(node.id);
  emitFinished(doing.context, node, {
    verdict: 'restore',
    signature,
    tree: brought.tree,
    durationMs: world.now() - start,
    recordMs: world.now() - recordStart,
    ...('from' in found && found.from !== undefined ? { from: found.from } : {}),
  });
  if (found.kind === 'found') warnOfPaths(doing.context, node, found.entry.buildPaths);
  return true;
}

/** Says that an artifact cannot be had after all, unless that is because the build was told to stop. */
function lose(
  { context, losses }: Doing,
  node: TaskNode,
  { signature, why }: { readonly signature: Signature; readonly why: string },
): void {
  losses.set(signature, why);
  if (context.signal.aborted) return;
  context.emit({
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${artifactName(node)}: the stored artifact cannot be used (${why}); it is built anew`,
  });
}

/** A recipe's name is that of its primary artifact. */
function artifactName(node: TaskNode): string {
  return node.shape.name === installTask ? node.recipe : node.id;
}

/** Sees to it that the artifact of a recipe is here for somebody's sysroot; false: it is lost. */
export async function bringFor(doing: Doing, recipe: string): Promise<boolean> {
  if (artifactOf(doing, recipe) !== undefined) return true;
  const node = installing(doing, recipe);
  const signature = node === undefined ? undefined : doing.context.known.signature(node.id);
  return node !== undefined && signature !== undefined && restore(doing, node, signature);
}

/** The artifact of a recipe that its dependants go by, where it is here. */
export function artifactOf(doing: Doing, recipe: string): LocalArtifact | undefined {
  const { context } = doing;
  const node = installing(doing, recipe);
  const signature = node === undefined ? undefined : context.known.signature(node.id);
  if (node === undefined || signature === undefined) return undefined;
  const local = countingArtifact(context, node, signature);
  return local?.id === context.known.identity(node.id) ? local : undefined;
}

function installing({ context }: Doing, recipe: string): TaskNode | undefined {
  return context.graph.tasks.get(taskId(recipe, installTask));
}

/** A build that uses nothing asks nobody; but what a mirror is known to have of the same inputs came first, and is brought where it is another. */
export async function bringDisputed(
  { context }: Doing,
  node: TaskNode,
  made: { readonly signature: Signature; readonly tree: TreeId },
): Promise<void> {
  const { mirrors, store, signer } = context;
  const { signature } = made;
  const inputs = signer.inputs(node.id);
  const entry = context.cache ? undefined : mirrors?.known(signature);
  if (mirrors === undefined || entry === undefined) return;
  if (store.lookup(signature, inputs).kind === 'found' || entry.tree === madeTree(context, node, made.tree))
    return;
  const brought = await mirrors.bring({ signature, task: node.id, inputs }, store);
  if (brought.kind === 'found') return;
  context.emit({
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${artifactName(node)} is not reproducible: the same inputs gave another artifact than a mirror had (${brought.why})`,
  });
}

/** What of a task's result is its artifact. */
function madeTree({ site }: BuildContext, node: TaskNode, tree: TreeId): TreeId {
  const { recipe, scope, history } = site(node.recipe);
  return history().artifactTree(tree, artifactDir(recipe, node.shape.name) ?? scope.image);
}

/** Exports a task's artifact; the id that dependants go by, or why it is none. */
export function publish(
  doing: Doing,
  node: TaskNode,
  made: { readonly signature: Signature; readonly tree: TreeId; readonly commit: CommitId },
): { readonly id: string } | { readonly refused: Failure } {
  const { context } = doing;
  const site = context.site(node.recipe);
  const tree = madeTree(context, node, made.tree);
  const options = {
    task: node.shape.name,
    signature: made.signature,
    tree,
    commit: made.commit,
    builtBy: builtBy(context),
    buildDirs: buildDirs(context.world.fs, context.places.tmpDir, site),
    weigh: (found: BuildPaths) => weighBuildPaths(site.recipe, found),
    inputs: context.signer.inputs(node.id),
    from: startOf(context, node),
    edited: isEdited(context, node),
    force: node.shape.nostamp || (context.forced.has(node.id) && context.cache),
  };
  const own = publishArtifact(context, site, options);
  if (own.kind === 'refused') return { refused: failureOf(own.why) };
  const { stored } = own;
  const brought = stored && bringArtifact({ fs: context.world.fs, store: context.store }, site, stored);
  if (stored !== undefined && brought === undefined)
    publishArtifact(context, site, { ...options, force: true });
  if (brought !== undefined)
    context.emit(notReproducible(context, node, { made: tree, stored: brought.tree }));
  warnOfPaths(context, node, brought === undefined ? own.buildPaths : stored?.buildPaths);
  return brought ?? own;
}

function notReproducible(
  context: BuildContext,
  node: TaskNode,
  trees: { readonly made: TreeId; readonly stored: TreeId },
) {
  const { objects } = context.site(node.recipe).history();
  const [first] = compareTrees(objects, { from: trees.stored, to: trees.made });
  const path = shownPath(first?.path ?? '?').replace(`${DEFAULT_IMAGE}/`, '');
  return {
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${artifactName(node)} is not reproducible: the same inputs gave another artifact than the stored one, which is used; first difference: ${path}`,
    hints: node.shape.name === installTask ? [`varve diff ${node.recipe} ${node.id}`] : [],
  } as const;
}
