import type { TaskRow } from '../operations/list-tasks.ts';
import { formatTable } from './format-table.ts';
import type { View } from './view.ts';

/** Lists tasks in order, with what each comes after. */
export function formatTasks(tasks: readonly TaskRow[], { verbose }: View): string {
  return formatTable(
    tasks.map(({ task, after, needs, noexec, nostamp, doc }) => {
      const marks = [...(noexec ? ['runs nothing'] : []), ...(nostamp ? ['always runs'] : [])];
      const parts = [
        ...(after.length > 0 ? [`after ${after.join(', ')}`] : []),
        ...needs.map((need) => `needs ${need}`),
        ...marks,
      ];
      return [task, parts.join('; '), verbose && doc !== undefined ? doc : ''];
    }),
  );
}
