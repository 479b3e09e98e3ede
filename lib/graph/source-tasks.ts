const lastOnes = ['do_unpack', 'do_patch'];

/** Of the tasks that a WORKDIR goes through, those that make its sources: up to do_patch. */
export function sourceTasks(chain: readonly string[]): readonly string[] {
  return chain.slice(0, Math.max(...lastOnes.map((task) => chain.indexOf(task))) + 1);
}

/** Whether a WORKDIR holds its sources once this task has ended, patches aside. */
export function isSourceTask(task: string): boolean {
  return lastOnes.includes(task);
}
