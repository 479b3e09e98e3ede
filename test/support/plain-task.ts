import type { TaskShape } from '../../lib/terms/task-graph.ts';

/** A task with no flags, but for its name and what it comes after. */
export const plainTask: Omit<TaskShape, 'name' | 'after'> = {
  noexec: false,
  nostamp: false,
  artifact: false,
  deployed: false,
  depends: [],
  deptask: [],
  rdeptask: [],
  recrdeptask: [],
};
