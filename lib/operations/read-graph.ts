import { chooseTargets } from '../execution/plan/choose-targets.ts';
import { findProviders } from '../execution/plan/find-providers.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { graphEdges, type Edge } from '../graph/graph-edges.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit, splitTaskId } from '../terms/ids.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface GraphRequest {
  readonly buildDir: string;
  /** Recipes, provided names, or RECIPE:TASK. */
  readonly targets: readonly string[];
  readonly between: 'recipes' | 'tasks';
}

export interface Graph {
  readonly between: 'recipes' | 'tasks';
  /** Names of nodes. */
  readonly targets: readonly string[];
  /** In code-unit order. */
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
}

/** Reads what the targets need, and what that needs, without looking at what is built. */
export function readGraph(world: World, request: GraphRequest, say: Say): Graph {
  const { between } = request;
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const asked = chooseTargets(metadata, request);
  const providers = findProviders(metadata);
  const graph = buildGraph(asked, providers);
  for (const { text } of providers.notProvided()) say(`warning: ${text}`);
  const targets = between === 'tasks' ? asked : asked.map((id) => splitTaskId(id).recipe);
  const nodes = between === 'tasks' ? graph.tasks.keys() : graph.recipes.keys();
  return {
    between,
    targets: [...new Set(targets)],
    nodes: [...nodes].toSorted(byCodeUnit),
    edges: graphEdges(graph, between),
  };
}
