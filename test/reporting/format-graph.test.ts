import { expect, test } from 'vitest';
import type { Graph } from '../../lib/operations/read-graph.ts';
import { formatGraphDot, formatGraphTree } from '../../lib/reporting/format-graph.ts';

const recipes: Graph = {
  between: 'recipes',
  targets: ['app'],
  nodes: ['app', 'expat', 'lib', 'zlib'],
  edges: [
    { from: 'app', to: 'expat' },
    { from: 'app', to: 'lib' },
    { from: 'app', to: 'zlib' },
    { from: 'expat', to: 'lib' },
    { from: 'lib', to: 'zlib' },
  ],
};

test('as text it is a tree, and what was shown with all that it needs is marked when it comes again', () => {
  expect(formatGraphTree(recipes)).toBe(`app
  expat
    lib
      zlib
  lib (above)
  zlib
`);
});

test('two targets are two trees of one text', () => {
  expect(formatGraphTree({ ...recipes, targets: ['lib', 'expat'] })).toBe(`lib
  zlib
expat
  lib (above)
`);
});

test('for graphviz every name is quoted', () => {
  const graph: Graph = { ...recipes, nodes: ['gtk+3', 'a"b'], edges: [{ from: 'gtk+3', to: 'a"b' }] };
  expect(formatGraphDot(graph)).toBe(`digraph varve {
  node [shape=box];
  "gtk+3";
  "a\\"b";
  "gtk+3" -> "a\\"b";
}
`);
});

test('for graphviz the tasks of a recipe stand in a frame', () => {
  const graph: Graph = {
    between: 'tasks',
    targets: ['app:do_build'],
    nodes: ['app:do_build', 'app:do_install', 'lib:do_install'],
    edges: [
      { from: 'app:do_build', to: 'app:do_install' },
      { from: 'app:do_install', to: 'lib:do_install' },
    ],
  };
  expect(formatGraphDot(graph)).toBe(`digraph varve {
  node [shape=box];
  subgraph "cluster app" {
    label="app";
    "app:do_build" [label="do_build"];
    "app:do_install" [label="do_install"];
  }
  subgraph "cluster lib" {
    label="lib";
    "lib:do_install" [label="do_install"];
  }
  "app:do_build" -> "app:do_install";
  "app:do_install" -> "lib:do_install";
}
`);
});
