/** Artifacts come from the store and go into it. */
import { installTask } from '../graph/arrange-tasks.ts';
import type { Signature, TaskId, TreeId } from '../terms/ids.ts';
import type { TaskNode } from '../terms/task-graph.ts';
import { compareTrees } from '../trees/compare-trees.ts';
import { shownPath } from '../trees/raw-text.ts';
import { artifactDir } from './artifact-dir.ts';
import type { BuildContext } from './build-context.ts';
import type { RestoreStep } from './carry-out.ts';
import { emitFinished, isEdited, type Doing } from './doing.ts';
import { bringArtifact, localArtifact, publishArtifact, type LocalArtifact } from './recipe-artifacts.ts';
import { builtBy } from './standing-results.ts';

/** Brings an artifact into its recipe's history; undefined, and said, where the store's copy is damaged or gone. */
export function restore(
  doing: Doing,
  node: TaskNode,
  step: Pick<RestoreStep, 'signature'>,
): LocalArtifact | undefined {
  const { context } = doing;
  const start = context.world.now();
  const found = context.store.lookup(step.signature);
  const site = context.site(node.recipe);
  const brought = found.kind === 'found' ? bringArtifact(context.store, site, found.entry) : undefined;
  if (brought === undefined) {
    const why = found.kind === 'damaged' ? found.why : 'its archive is damaged or gone';
    doing.losses.set(step.signature, why);
    context.emit({
      event: 'message',
      level: 'warning',
      about: node.id,
      text: `${artifactName(node)}: the stored artifact cannot be used (${why}); it is built anew`,
    });
    return undefined;
  }
  doing.restored.add(node.id);
  const durationMs = context.world.now() - start;
  emitFinished(context, node, {
    verdict: 'restore',
    signature: step.signature,
    tree: brought.tree,
    durationMs,
    recordMs: durationMs,
  });
  return brought;
}

/** A recipe's name is that of its primary artifact. */
function artifactName(node: TaskNode): string {
  return node.shape.name === installTask ? node.recipe : node.id;
}

/** The artifact of a recipe for somebody's sysroot; undefined: it is lost. */
export function artifactOf(doing: Doing, recipe: string): LocalArtifact | undefined {
  const { context } = doing;
  const node = context.graph.tasks.get(`${recipe}:${installTask}` as TaskId);
  const signature = node === undefined ? undefined : context.known.signature(node.id);
  if (node === undefined || signature === undefined) return undefined;
  const local = localArtifact(context.site(recipe), signature);
  return local?.id === context.known.identity(node.id) ? local : restore(doing, node, { signature });
}

/** Exports a task's artifact; the id that dependants go by. */
export function publish(
  doing: Doing,
  node: TaskNode,
  made: { readonly signature: Signature; readonly tree: TreeId },
): string {
  const { context } = doing;
  const site = context.site(node.recipe);
  const dir = artifactDir(site.recipe, node.shape.name) ?? site.scope.image;
  const tree = site.history().artifactTree(made.tree, dir);
  const options = {
    task: node.shape.name,
    signature: made.signature,
    tree,
    builtBy: builtBy(context),
    edited: isEdited(context, node),
    force: context.forced.has(node.id) && context.cache,
  };
  const { id, stored } = publishArtifact(context.store, site, options);
  if (stored === undefined) return id;
  const brought = bringArtifact(context.store, site, stored);
  if (brought === undefined) return publishArtifact(context.store, site, { ...options, force: true }).id;
  context.emit(notReproducible(context, node, { made: tree, stored: brought.tree }));
  return brought.id;
}

function notReproducible(
  context: BuildContext,
  node: TaskNode,
  trees: { readonly made: TreeId; readonly stored: TreeId },
) {
  const { objects } = context.site(node.recipe).history();
  const [first] = compareTrees(objects, { from: trees.stored, to: trees.made });
  return {
    event: 'message',
    level: 'warning',
    about: node.id,
    text: `${artifactName(node)} is not reproducible: the same inputs gave another artifact than the stored one, which is used; first difference: ${shownPath(first?.path ?? '?')}`,
    hints: node.shape.name === installTask ? [`varve diff ${node.recipe} ${node.id}`] : [],
  } as const;
}
