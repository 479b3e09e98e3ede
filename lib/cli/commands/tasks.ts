import { defineCommand } from '../command.ts';

/** `varve tasks RECIPE`: its tasks, in the order in which they run. */
export const tasksCommand = defineCommand({
  command: 'tasks <recipe>',
  describe: 'List the tasks of a recipe, in order',
  examples: [['varve tasks zlib', 'Each task, what it comes after, and what else it needs']],
  builder: (yargs) =>
    yargs.positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' }),
  run: async (call, { recipe }) => {
    const { listTasks } = await import('../../operations/list-tasks.ts');
    const { formatTasks } = await import('../../reporting/format-tasks.ts');
    const tasks = listTasks(call.world, { buildDir: call.buildDir(), recipe }, call.note);
    call.answer(tasks, () => formatTasks(tasks, call));
  },
});
