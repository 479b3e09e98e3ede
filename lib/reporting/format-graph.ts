/** What needs what: as a tree, and for graphviz. */
import type { Graph } from '../operations/read-graph.ts';

/** Writes a tree from each target down; what was shown with all that it needs is not shown so again, and marked. */
export function formatGraphTree({ targets, edges }: Graph): string {
  const needs = new Map<string, string[]>();
  for (const { from, to } of edges) needs.set(from, [...(needs.get(from) ?? []), to]);
  const shown = new Set<string>();
  const lines: string[] = [];
  const write = (name: string, depth: number): void => {
    const below = needs.get(name) ?? [];
    const again = below.length > 0 && shown.has(name);
    lines.push(`${'  '.repeat(depth)}${name}${again ? ' (above)' : ''}\n`);
    if (again) return;
    shown.add(name);
    for (const other of below) write(other, depth + 1);
  };
  for (const target of targets) write(target, 0);
  return lines.join('');
}

/** Writes the graph in the language of graphviz; tasks stand in a frame for each recipe. */
export function formatGraphDot({ between, nodes, edges }: Graph): string {
  const lines = [
    'digraph varve {',
    '  node [shape=box];',
    ...(between === 'tasks' ? framed(nodes) : nodes.map((name) => `  ${quote(name)};`)),
    ...edges.map(({ from, to }) => `  ${quote(from)} -> ${quote(to)};`),
    '}',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function framed(tasks: readonly string[]): readonly string[] {
  const recipes = new Map<string, string[]>();
  for (const id of tasks) {
    const recipe = id.slice(0, id.lastIndexOf(':'));
    recipes.set(recipe, [...(recipes.get(recipe) ?? []), id]);
  }
  return [...recipes].flatMap(([recipe, ids]) => [
    `  subgraph ${quote(`cluster ${recipe}`)} {`,
    `    label=${quote(recipe)};`,
    ...ids.map((id) => `    ${quote(id)} [label=${quote(id.slice(recipe.length + 1))}];`),
    '  }',
  ]);
}

/** An id of graphviz: in it only the quote is escaped. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
