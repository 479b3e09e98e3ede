import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph } from '../../lib/graph/build-graph.ts';
import { createPlanner, type Planner, type Step } from '../../lib/planning/planner.ts';
import { taskId, type Signature, type TaskId } from '../../lib/terms/ids.ts';
import type { RecipeShape, TaskGraph, TaskShape } from '../../lib/terms/task-graph.ts';
import { plainTask } from '../support/plain-task.ts';

/** do_compile (waits for do_install of DEPENDS), do_install, do_build (noexec), and a side task after do_compile. */
function recipe(name: string, depends: readonly string[], side = false): RecipeShape {
  const tasks: TaskShape[] = [
    { ...plainTask, name: 'do_compile', after: [], deptask: ['do_install'] },
    { ...plainTask, name: 'do_install', after: ['do_compile'], artifact: true },
    {
      ...plainTask,
      name: 'do_build',
      after: side ? ['do_install', 'do_side'] : ['do_install'],
      noexec: true,
    },
    ...(side ? [{ ...plainTask, name: 'do_side', after: ['do_compile'] }] : []),
  ];
  return { name, native: false, tasks, depends, rdepends: [] };
}

function graphOf(target: TaskId, recipes: readonly RecipeShape[]): TaskGraph {
  const find = (name: string): RecipeShape =>
    recipes.find((candidate) => candidate.name === name) as RecipeShape;
  return buildGraph([target], { toBuild: find, toRun: find, askedAt: () => undefined });
}

/** A world without disks: results by signature, content by what went in (`text` is what a task's text makes). */
interface Results {
  readonly content: Map<Signature, string>;
  readonly text: (task: TaskId) => string;
  readonly ran: TaskId[];
}

function plannerOf(graph: TaskGraph, results: Results): Planner {
  return createPlanner(graph, {
    keepGoing: false,
    sign: (task, known) => {
      const before = task.inside.map((id) => known.signature(id));
      const across = task.across.map((id) => known.identity(id));
      return {
        signature: JSON.stringify([results.text(task.id), before, across]) as Signature,
        fromEdits: false,
      };
    },
  });
}

/** Carries out steps until none is left; the content of a result is the signature's, cut down by `text`. */
function build(graph: TaskGraph, results: Results): Planner {
  const planner = plannerOf(graph, results);
  for (let steps = planner.next(); steps.length > 0; steps = planner.next())
    steps.forEach((step) => answer(planner, step, results));
  return planner;
}

function answer(planner: Planner, step: Step, results: Results): void {
  const known = results.content.get(step.signature);
  if (step.kind === 'look') {
    planner.found(
      step.task,
      known === undefined
        ? { kind: 'none', reason: { kind: 'never-built' } }
        : { kind: 'current', id: known },
    );
  }
  if (step.kind !== 'run') return;
  if (!step.task.endsWith(':do_build')) results.ran.push(step.task);
  const id = `made by ${results.text(step.task).toLowerCase()} from ${step.signature.toLowerCase()}`;
  results.content.set(step.signature, id);
  planner.ended(step.task, { kind: 'done', id, repeated: false });
}

const fresh = (text: (task: TaskId) => string = (task) => task): Results => ({
  content: new Map(),
  text,
  ran: [],
});

test('everything runs once, dependencies first', () => {
  const results = fresh();
  build(graphOf(taskId('app', 'do_build'), [recipe('app', ['lib']), recipe('lib', [])]), results);
  expect(results.ran).toEqual(['lib:do_compile', 'lib:do_install', 'app:do_compile', 'app:do_install']);
});

test('with the artifact standing only the side task runs, and what it needs', () => {
  const results = fresh();
  build(graphOf(taskId('app', 'do_install'), [recipe('app', [], true)]), results);
  for (const key of results.content.keys()) if (!key.includes('do_install')) results.content.delete(key);
  results.ran.length = 0;
  const planner = build(graphOf(taskId('app', 'do_build'), [recipe('app', [], true)]), results);
  expect(results.ran).toEqual(['app:do_compile', 'app:do_side']);
  expect(planner.verdicts().get(taskId('app', 'do_install'))).toEqual({ kind: 'current' });
});

test('ancestors of a standing artifact are covered', () => {
  const graph = graphOf(taskId('app', 'do_build'), [recipe('app', ['lib']), recipe('lib', [])]);
  const results = fresh();
  build(graph, results);
  const kinds = [...build(graph, results).verdicts()]
    .map(([task, verdict]) => `${task} ${verdict.kind}`)
    .sort();
  expect(kinds).toEqual([
    'app:do_build current',
    'app:do_compile covered',
    'app:do_install current',
    'lib:do_compile covered',
    'lib:do_install current',
  ]);
});

test('what is deployed is restored although nothing that runs has a use for it', () => {
  const lib = recipe('lib', []);
  const shapes = (deployed: boolean): readonly RecipeShape[] => [
    recipe('app', ['lib']),
    { ...lib, tasks: lib.tasks.map((task) => ({ ...task, deployed: deployed && task.artifact })) },
  ];
  const stepsFor = (deployed: boolean): readonly string[] => {
    const planner = plannerOf(graphOf(taskId('app', 'do_install'), shapes(deployed)), fresh());
    const done: string[] = [];
    for (let steps = planner.next(); steps.length > 0; steps = planner.next()) {
      for (const { kind, task } of steps) {
        done.push(`${kind} ${task}`);
        if (kind === 'look') planner.found(task, { kind: 'restore', id: task });
        if (kind === 'restore') planner.restored(task);
      }
    }
    return done.filter((step) => step.startsWith('restore')).sort();
  };
  expect(stepsFor(false)).toEqual(['restore app:do_install']);
  expect(stepsFor(true)).toEqual(['restore app:do_install', 'restore lib:do_install']);
});

test('without running anything, what hangs on an unknown result is said to depend on it', () => {
  const graph = graphOf(taskId('app', 'do_build'), [recipe('app', ['lib']), recipe('lib', [])]);
  const planner = plannerOf(graph, fresh());
  for (let steps = planner.next(); steps.length > 0; steps = planner.next()) {
    for (const step of steps) {
      if (step.kind === 'look')
        planner.found(step.task, { kind: 'none', reason: { kind: 'inputs-changed' } });
      else planner.ended(step.task, { kind: 'unknown' });
    }
  }
  expect(planner.verdicts().get(taskId('app', 'do_install'))).toEqual({
    kind: 'depends',
    on: ['lib:do_compile'],
  });
  expect(planner.verdicts().get(taskId('lib', 'do_compile'))).toEqual({
    kind: 'run',
    reason: { kind: 'inputs-changed' },
  });
  for (const [task, verdict] of planner.verdicts())
    expect([...planner.verdicts([task])], task).toEqual([[task, verdict]]);
});

test('over random graphs and edits: nothing runs twice, nothing runs when nothing changed, outputs are those of a build from nothing', () => {
  const shapes = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 7 });
  const edits = fc.array(
    fc.tuple(fc.nat(6), fc.constantFrom('do_compile', 'do_install'), fc.constantFrom('a', 'b', 'B')),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(shapes, edits, (deps, changes) => {
      const recipes = deps.map((list, index) =>
        recipe(
          `r${index}`,
          [...new Set(list.filter((other) => other < index))].map((other) => `r${other}`),
        ),
      );
      const graph = graphOf(taskId(`r${recipes.length - 1}`, 'do_build'), recipes);
      const texts = new Map<string, string>();
      const results = fresh((task) => texts.get(task) ?? 'A');
      for (const [index, task, text] of [...changes, [0, 'do_compile', 'a'] as const]) {
        texts.set(`r${index}:${task}`, text);
        const planner = build(graph, results);
        expect(new Set(results.ran).size).toBe(results.ran.length);
        results.ran.length = 0;
        build(graph, results);
        expect(results.ran).toEqual([]);
        const scratch = fresh(results.text);
        const reference = build(graph, scratch);
        for (const target of graph.targets)
          expect(planner.known.identity(target)).toBe(reference.known.identity(target));
      }
    }),
    { numRuns: 200 },
  );
});
