import { expect, test } from 'vitest';
import { buildGraph } from '../../lib/graph/build-graph.ts';
import type { RecipeShape, TaskShape } from '../../lib/terms/task-graph.ts';
import { sysrootPartsOf } from '../../lib/graph/sysroot-parts.ts';
import { taskId } from '../../lib/terms/ids.ts';
import { plainTask } from '../support/plain-task.ts';

/** A recipe of three tasks: do_compile waits for do_install of DEPENDS, do_build is noexec. */
function recipe(name: string, ...depends: string[]): RecipeShape {
  const tasks: TaskShape[] = [
    { ...plainTask, name: 'do_compile', after: [], deptask: ['do_install'] },
    { ...plainTask, name: 'do_install', after: ['do_compile'], artifact: true },
    { ...plainTask, name: 'do_build', after: ['do_install'], noexec: true, deptask: ['do_build'] },
  ];
  return { name, native: name.endsWith('-native'), tasks, depends, rdepends: [] };
}

function graphOf(target: string, recipes: readonly RecipeShape[]) {
  const toRun = (name: string): RecipeShape | undefined =>
    recipes.find((candidate) => candidate.name === name);
  const toBuild = (name: string, askedBy: string): RecipeShape => {
    const found = toRun(name);
    if (found === undefined) throw new Error(`nothing provides ${name}, asked for by ${askedBy}`);
    return found;
  };
  return buildGraph([taskId(target, 'do_build')], { toBuild, toRun, askedAt: () => undefined });
}

test('deptask reaches the named task of every recipe in DEPENDS', () => {
  const graph = graphOf('app', [recipe('app', 'lib'), recipe('lib')]);
  expect(graph.tasks.get(taskId('app', 'do_compile'))?.across).toEqual(['lib:do_install']);
  expect(graph.tasks.size).toBe(6);
});

test('a name that nobody provides is asked for with who asked', () => {
  expect(() => graphOf('app', [recipe('app', 'ghost')])).toThrow('nothing provides ghost, asked for by app');
});

test('a name in RDEPENDS that nobody provides is left out, also on the way further', () => {
  const followed = { deptask: [], rdeptask: ['do_install'], recrdeptask: [] };
  const all = { deptask: [], rdeptask: [], recrdeptask: ['do_compile'] };
  const image = (own: Partial<TaskShape>, ...rdepends: string[]): RecipeShape => {
    const plain = recipe('image');
    return { ...plain, rdepends, tasks: plain.tasks.map((task) => ({ ...task, ...own })) };
  };
  const app = { ...recipe('app', 'lib'), rdepends: ['ghost'] };
  const acrossOf = (shape: RecipeShape): readonly string[] | undefined =>
    graphOf('image', [shape, app, recipe('lib')]).tasks.get(taskId('image', 'do_compile'))?.across;
  expect(acrossOf(image(followed, 'app', 'bash'))).toEqual(['app:do_install']);
  expect(acrossOf(image(all, 'bash', 'app'))).toEqual(['app:do_compile', 'lib:do_compile']);
});

test('a circle across recipes is named as a path', () => {
  expect(() => graphOf('a', [recipe('a', 'b'), recipe('b', 'a')])).toThrow(
    'dependency cycle: a:do_build needs b:do_build needs a:do_build',
  );
});

test('a task without an artifact is known to others by the artifacts it stands after', () => {
  const graph = graphOf('app', [recipe('app', 'lib'), recipe('lib')]);
  expect(graph.producers.get(taskId('lib', 'do_build'))).toEqual(['lib:do_install']);
});

test('a sysroot holds the artifacts of the whole closure, and build tools bring only build tools along', () => {
  const recipes = [
    recipe('app', 'lib', 'gen-native'),
    recipe('lib', 'base', 'gen-native'),
    recipe('base'),
    recipe('gen-native', 'tool-native'),
    recipe('tool-native'),
  ];
  const parts = sysrootPartsOf(graphOf('app', recipes));
  expect(parts(taskId('app', 'do_compile'))).toEqual({
    target: ['base', 'lib'],
    native: ['gen-native', 'tool-native'],
  });
  expect(parts(taskId('base', 'do_compile'))).toEqual({ target: [], native: [] });
});
