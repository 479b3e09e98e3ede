/** Looks for results: here, and for all that have none here at once on the mirrors. */
import type { AcEntry } from '../artifacts/ac-entry.ts';
import type { Mirrors } from '../artifacts/mirrors.ts';
import type { Found } from '../planning/planner.ts';
import type { Signature } from '../terms/ids.ts';
import type { TaskNode } from '../terms/task-graph.ts';
import type { BuildContext } from './build-context.ts';
import { isReused, lookForResult, type Losses } from './standing-results.ts';

/** What is looked for. */
export interface Looked {
  readonly node: TaskNode;
  readonly signature: Signature;
}

/** Answers a round of questions, in their order. */
export async function lookForResults(
  context: BuildContext,
  looked: readonly Looked[],
  losses: Losses,
): Promise<readonly Found[]> {
  const here = looked.map((each) => ({
    ...each,
    found: lookForResult(context, each.node, each.signature, losses),
  }));
  const { mirrors } = context;
  const away = here.filter(
    ({ node, signature, found }) =>
      found.kind === 'none' && node.restorable && isReused(context, node) && !losses.has(signature),
  );
  if (mirrors === undefined || away.length === 0) return here.map(({ found }) => found);
  const entries = await Promise.all(
    away.map(({ node, signature }) => mirrors.find({ signature, task: node.id })),
  );
  expectRest(
    context,
    mirrors,
    away.map(({ node }, index) => ({ node, entry: entries[index] })),
  );
  const brought = new Map(away.map(({ node }, index) => [node.id, entries[index]]));
  return here.map(({ node, found }): Found => {
    const entry = brought.get(node.id);
    return entry === undefined ? found : { kind: 'restore', id: entry.id };
  });
}

interface Answered {
  readonly node: TaskNode;
  readonly entry: AcEntry | undefined;
}

/**
 * Where a mirror has all that was asked for, made from just what it would be made from here, it is likely to have the
 * rest too, which cannot be signed yet: then that is asked for at once, by deep keys.
 */
function expectRest(context: BuildContext, mirrors: Mirrors, answers: readonly Answered[]): void {
  const { graph, known, deepKey } = context;
  if (!answers.every(({ node, entry }) => entry?.deep !== undefined && entry.deep === deepKey(node.id)))
    return;
  const rest = [...graph.tasks.values()].filter(
    (node) => node.restorable && isReused(context, node) && known.signature(node.id) === undefined,
  );
  mirrors.prefetch(rest.map(({ id }) => ({ task: id, deep: deepKey(id) })));
}
