import { expect, test } from 'vitest';
import { arrangeTasks } from '../../lib/graph/arrange-tasks.ts';
import type { TaskShape } from '../../lib/terms/task-graph.ts';

/** A task that comes after others and has no flags. */
function task(name: string, ...after: string[]): TaskShape {
  const none: readonly string[] = [];
  return {
    name,
    after,
    noexec: false,
    nostamp: false,
    artifact: name === 'do_install',
    deployed: false,
    depends: none,
    deptask: none,
    rdeptask: none,
    recrdeptask: none,
  };
}

const chain = [
  task('do_fetch'),
  task('do_unpack', 'do_fetch'),
  task('do_patch', 'do_unpack'),
  task('do_sysroot', 'do_fetch'),
  task('do_compile', 'do_patch', 'do_sysroot'),
  task('do_install', 'do_compile'),
];

test('the ancestors of do_install stand on one line, ties in addtask order', () => {
  const { order, parent } = arrangeTasks('zlib', chain);
  expect(order).toEqual(['do_fetch', 'do_unpack', 'do_patch', 'do_sysroot', 'do_compile', 'do_install']);
  expect(order.map((name) => parent.get(name))).toEqual([undefined, ...order.slice(0, -1)]);
});

test('a side task starts from what it depends on, not from what happened to run before it', () => {
  const { parent } = arrangeTasks('zlib', [...chain, task('do_check', 'do_patch')]);
  expect(parent.get('do_check')).toBe('do_patch');
  expect(parent.get('do_compile')).toBe('do_sysroot');
});

test('a task after do_install starts from the artifact, and the next from that one', () => {
  const tasks = [...chain, task('do_package', 'do_install'), task('do_rpm', 'do_package')];
  const { parent, afterInstall } = arrangeTasks('zlib', tasks);
  expect(parent.get('do_package')).toBe(undefined);
  expect(parent.get('do_rpm')).toBe('do_package');
  expect([...afterInstall]).toEqual(['do_package', 'do_rpm']);
});

test('two side tasks that a third needs are put on one line', () => {
  const tasks = [
    ...chain,
    task('do_a', 'do_patch'),
    task('do_b', 'do_compile'),
    task('do_c', 'do_a', 'do_b'),
  ];
  const { parent } = arrangeTasks('zlib', tasks);
  const line: string[] = [];
  for (let at = parent.get('do_c'); at !== undefined; at = parent.get(at)) line.unshift(at);
  expect(line).toContain('do_a');
  expect(line).toContain('do_b');
});

test('what runs nothing asks for no line: neither of two artifacts is made on top of the other', () => {
  const both = [...chain, task('do_deb', 'do_install'), task('do_rpm', 'do_install')];
  const build = task('do_build', 'do_deb', 'do_rpm');
  expect(arrangeTasks('zlib', [...both, build]).parent.get('do_rpm')).toBe('do_deb');
  expect(arrangeTasks('zlib', [...both, { ...build, noexec: true }]).parent.get('do_rpm')).toBe(undefined);
});

test('a circle within a recipe is named as a path', () => {
  const tasks = [task('do_a', 'do_b'), task('do_b', 'do_a')];
  expect(() => arrangeTasks('zlib', tasks)).toThrow(
    'dependency cycle: zlib:do_a needs zlib:do_b needs zlib:do_a',
  );
});
