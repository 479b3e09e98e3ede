/** Edits at a do_patch that failed stand for the patch that did not apply. */
import { relative } from 'node:path';
import { beginsWithPatches } from '../../execution/task/task-functions.ts';
import { sourceOutlineOf } from '../../execution/outline/source-outline.ts';
import type { Site } from '../../execution/workdir/site.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import { formatDiffs, type MailPatch } from '../../sources/format-mail-patch.ts';
import { canBeWritten, listPatches } from '../../sources/list-patches.ts';
import { parseSrcUri } from '../../sources/parse-src-uri.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { entryAt } from '../../trees/list-entries.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { isWithin, readMetadata } from '../../trees/tree-metadata.ts';
import { changedInAll } from './changed-in-all.ts';
import type { LeftOut } from './edits-as-patches.ts';
import { findPatch } from './patch-target.ts';
import type { StepsWithTasks } from './typed-meanwhile.ts';

export interface FailedPatch {
  readonly task: TaskCommit;
  /** As SRC_URI names it. */
  readonly name: string;
  readonly path: string;
  /** What it was applied to. */
  readonly sources: TreeId;
}

/** Finds the patch that a task stopped at; undefined where that was none, or one that varve cannot write. */
export function findFailedPatch(
  world: World,
  { recipe, history }: Site,
  task: TaskCommit | undefined,
): FailedPatch | undefined {
  const name = task && splitTaskId(task.task).task;
  if (task?.fell !== true || name === undefined || task.cutOff) return undefined;
  if (!beginsWithPatches(recipe.data.withTask(name), name)) return undefined;
  const asker = { recipe: recipe.name, recipeFile: recipe.file };
  const listed = listPatches(parseSrcUri(sourceOutlineOf(recipe).srcUri, asker));
  const { patches } = history().applied(task.id);
  const failed = listed[patches.length];
  const [parent] = task.parents;
  if (failed?.uri.kind !== 'file' || !canBeWritten(failed) || parent === undefined) return undefined;
  const path = findPatch(world, recipe, failed.path);
  return path === undefined
    ? undefined
    : { task, name: failed.path, path, sources: history().objects.readCommit(parent).tree };
}

/** All that was done since the patches before it, but for what the task left of what it rejected. */
export function stepsOfFailed(
  { history }: Site,
  steps: StepsWithTasks,
  { task, sources }: FailedPatch,
): StepsWithTasks {
  const { objects } = history();
  const isRejected = rejectsOf(objects, { task, sources });
  const typed = [...steps.typed, task.id];
  const ofTasks = new Map(
    typed.map((commit) => {
      const { tree, parents } = objects.readCommit(commit);
      const parent = parents[0] === undefined ? undefined : objects.readCommit(parents[0]).tree;
      const from = steps.rewritten.get(commit) ?? parent;
      const paths = compareTrees(objects, { from, to: tree }).map(({ path }) => path);
      return [commit, new Set(paths.filter((path) => !isRejected(path)))] as const;
    }),
  );
  return {
    ...steps,
    base: { ...task, tree: sources },
    sources,
    typed,
    ofTasks,
    rewritten: new Map([...steps.rewritten, [task.id, sources]]),
  };
}

/** Files that GNU patch left beside those that it could not change. */
function rejectsOf(
  objects: ReturnType<Site['history']>['objects'],
  { task, sources }: Pick<FailedPatch, 'task' | 'sources'>,
): (path: string) => boolean {
  const made = compareTrees(objects, { from: sources, to: task.tree }).flatMap(({ status, path }) =>
    status === 'A' && /\.(?:rej|orig)$/.test(path) ? [path] : [],
  );
  return (path) => made.includes(path);
}

/** Rejects that still lie in the sources. */
export function rejectsLeft(
  { history, workdir, recipe }: Site,
  { task, sources }: FailedPatch,
  commit: CommitId,
): readonly LeftOut[] {
  const { objects } = history();
  const { tree } = objects.readCommit(commit);
  const where = { tree, metadata: readMetadata(objects, tree) };
  const isRejected = rejectsOf(objects, { task, sources });
  const s = rawPath(relative(workdir, recipe.dirs.s));
  return compareTrees(objects, { from: sources, to: tree }).flatMap(({ path }) =>
    isRejected(path) && isWithin(s, path) && entryAt(objects, where, path) !== undefined
      ? [{ path, why: 'left by the failed patch' as const }]
      : [],
  );
}

/** The patch with its own head, and what is done now. */
export function rewrittenPatch(old: Buffer, patches: readonly MailPatch[]): Buffer {
  const text = old.toString('latin1');
  const [head = ''] = text.split(/^(?:---$|diff |Index: |--- )/m, 1);
  const files = changedInAll(patches);
  const [first] = patches;
  if (first === undefined) return old;
  const separator = /^---$/m.test(text) ? '---\n' : '';
  return Buffer.concat([Buffer.from(`${head}${separator}`, 'latin1'), formatDiffs({ ...first, files })]);
}
