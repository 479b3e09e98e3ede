/** Looks for results: here, and for all that have none here at once on the mirrors. */
import type { AcEntry } from '../../artifacts/ac-entry.ts';
import type { Mirrors } from '../../artifacts/mirrors.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { Found } from '../../planning/planner.ts';
import type { Signature, TaskId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { learnRevocations } from './learn-revocations.ts';
import { isReused, lookForResult, refusePaths, type Losses } from './standing-results.ts';
import { firstOf } from '../../terms/first-of.ts';

/** What is looked for. */
export interface Looked {
  readonly node: TaskNode;
  readonly signature: Signature;
}

export interface Looking {
  readonly losses: Losses;
  /** After the look at what stands here: of thousands asked about at once, not all histories are to stay open. */
  readonly onLooked: (node: TaskNode) => void;
}

/** Answers a round of questions, in their order; `replan` where it turned out that results do not count that did. */
export async function lookForResults(
  context: BuildContext,
  looked: readonly Looked[],
  { losses, onLooked }: Looking,
): Promise<readonly Found[] | 'replan'> {
  const told = new Set(context.refused.keys());
  const here = looked.map((each) => {
    const found = lookForResult(context, each.node, each.signature, losses);
    onLooked(each.node);
    return { ...each, found };
  });
  tellRefused(context, told);
  const toldHere = new Set(context.refused.keys());
  const { mirrors, signer } = context;
  const away = here.filter(
    ({ node, signature, found }) =>
      found.kind === 'none' && node.restorable && isReused(context, node) && !losses.has(signature),
  );
  if (mirrors === undefined || away.length === 0) return here.map(({ found }) => found);
  const entries = await Promise.all(
    away.map(async ({ node, signature }) => {
      const entry = await mirrors.find({ signature, task: node.id, inputs: signer.inputs(node.id) });
      return refusePaths(context, node, entry) ? undefined : entry;
    }),
  );
  tellRefused(context, toldHere);
  if (await learnRevocations(context, mirrors)) return 'replan';
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

/** Says which results do not count, those together of which that is so for one reason. */
function tellRefused({ refused, emit }: BuildContext, told: ReadonlySet<TaskId>): void {
  const byReason = new Map<string, TaskId[]>();
  for (const [task, why] of refused)
    if (!told.has(task)) byReason.set(why, [...(byReason.get(why) ?? []), task]);
  for (const [why, tasks] of byReason) {
    const names = tasks.map((task) => task.replace(`:${installTask}`, ''));
    const [first = ''] = tasks;
    emit({
      event: 'message',
      level: 'warning',
      about: first,
      text: `${firstOf(names, NAMED)}: what there is of it ${why}; it is not used`,
    });
  }
}

const NAMED = 5;

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
