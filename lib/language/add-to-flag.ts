import type { Datastore } from './datastore.ts';

/** Adds words to a flag that is a list of them. */
export function addToFlag(
  data: Datastore,
  { name, flag }: { readonly name: string; readonly flag: string },
  words: readonly string[],
): void {
  data.setFlag(name, flag, [data.rawFlag(name, flag) ?? '', ...words].join(' '));
}

/** Has a task depend on names that its text does not tell of; one that the recipe does not have needs none. */
export function addInputs(data: Datastore, task: string, names: readonly string[]): void {
  if (data.book.tasks.includes(task)) addToFlag(data, { name: task, flag: 'vardeps' }, names);
}
