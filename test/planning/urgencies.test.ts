import { expect, test } from 'vitest';
import { buildGraph } from '../../lib/graph/build-graph.ts';
import { urgencies } from '../../lib/planning/urgencies.ts';
import { taskId, type TaskId } from '../../lib/terms/ids.ts';
import type { RecipeShape, TaskGraph } from '../../lib/terms/task-graph.ts';
import { plainTask } from '../support/plain-task.ts';

/** Recipes with do_compile and do_install, each compiled after those that it needs are installed. */
function graphOf(needs: Readonly<Record<string, readonly string[]>>): TaskGraph {
  const shape = (name: string): RecipeShape => ({
    name,
    native: false,
    depends: needs[name] ?? [],
    rdepends: [],
    tasks: [
      { ...plainTask, name: 'do_compile', after: [], deptask: ['do_install'] },
      { ...plainTask, name: 'do_install', after: ['do_compile'], artifact: true },
    ],
  });
  const targets = Object.keys(needs).map((name) => taskId(name, 'do_install'));
  return buildGraph(targets, { toBuild: shape, toRun: shape, askedAt: () => undefined });
}

const timesOf =
  (times: Readonly<Record<string, number>>) =>
  (task: TaskId): number | undefined =>
    times[task];

test('a task is as urgent as the longest line of tasks that begins with it', () => {
  const found = urgencies(
    graphOf({ low: [], short: ['low'], long: ['low'] }),
    timesOf({
      'low:do_compile': 5,
      'low:do_install': 1,
      'short:do_compile': 10,
      'short:do_install': 1,
      'long:do_compile': 700,
      'long:do_install': 30,
    }),
  );
  expect(Object.fromEntries(found)).toEqual({
    'low:do_compile': 736,
    'low:do_install': 731,
    'short:do_compile': 11,
    'short:do_install': 1,
    'long:do_compile': 730,
    'long:do_install': 30,
  });
});

test('a task that never ran is taken for an average one of its name, and where there is none all are alike', () => {
  const graph = graphOf({ new: [], known: [], other: [] });
  const found = urgencies(graph, timesOf({ 'known:do_compile': 30, 'other:do_compile': 50 }));
  expect(found.get(taskId('new', 'do_compile'))).toBe(40 + 1000);
  expect(found.get(taskId('known', 'do_install'))).toBe(1000);
});
