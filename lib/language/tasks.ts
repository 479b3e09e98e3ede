/** The tasks of a recipe, as `addtask` and `deltask` make them. */
import { taskName } from '../terms/ids.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

export interface TaskAddition {
  readonly task: string;
  /** Words. */
  readonly before: string;
  readonly after: string;
}

/** Adds a task, or dependencies to one that is there. */
export function addTask(data: Datastore, { task: spoken, before, after }: TaskAddition): void {
  const task = taskName(spoken);
  data.setFlag(task, 'task', '1');
  if (!data.book.tasks.includes(task)) data.note({ tasks: [...data.book.tasks, task] });
  const needed = dependenciesOf(data, task);
  for (const other of splitWords(after).map(taskName)) if (!needed.includes(other)) needed.push(other);
  data.setFlag(task, 'deps', needed.join(' '));
  for (const other of splitWords(before).map(taskName)) {
    const theirs = dependenciesOf(data, other);
    if (!theirs.includes(task)) data.setFlag(other, 'deps', [task, ...theirs].join(' '));
  }
}

/** Takes a task out, and out of what others depend on. */
export function deleteTask(data: Datastore, spoken: string): void {
  const task = taskName(spoken);
  if (data.book.tasks.includes(task)) {
    data.note({ tasks: data.book.tasks.filter((one) => one !== task) });
    data.deleteFlag(task, 'task');
  }
  data.deleteFlag(task, 'deps');
  for (const other of data.book.tasks) {
    const theirs = dependenciesOf(data, other);
    if (theirs.includes(task)) data.setFlag(other, 'deps', theirs.filter((one) => one !== task).join(' '));
  }
}

/** The tasks of its own recipe that a task stands after, in BitBake's order; not expanded. */
export function dependenciesOf(data: Datastore, task: string): string[] {
  return splitWords(data.rawFlag(task, 'deps'));
}
