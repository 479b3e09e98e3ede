import { byCodeUnit } from '../terms/ids.ts';
import type { TaskGraph } from '../terms/task-graph.ts';

/** `from` needs `to`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Lists what needs what, by name: recipes, or tasks. A recipe needs another if any of its tasks needs one of the other's. */
export function graphEdges({ tasks }: TaskGraph, between: 'recipes' | 'tasks'): readonly Edge[] {
  const found = new Map<string, Edge>();
  for (const { id, recipe, inside, across } of tasks.values()) {
    for (const other of [...inside, ...across]) {
      const edge =
        between === 'tasks'
          ? { from: id, to: other }
          : { from: recipe, to: tasks.get(other)?.recipe ?? recipe };
      if (edge.from !== edge.to) found.set(`${edge.from} ${edge.to}`, edge);
    }
  }
  return [...found.values()].toSorted((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to));
}
