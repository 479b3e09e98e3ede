import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';

/** `varve graph TARGET…`: what a target needs, and what that needs. */
export const graphCommand = defineCommand({
  command: 'graph <target..>',
  describe: 'Show what a target needs: recipes or tasks',
  examples: [
    ['varve graph app', 'A tree of recipes; what comes again is marked'],
    ['varve graph app --tasks --format dot | dot -Tsvg > app.svg', 'A picture of the tasks'],
  ],
  builder: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'A recipe, a provided name, or RECIPE:TASK',
      })
      .option('tasks', { type: 'boolean', describe: 'Tasks instead of recipes' })
      .option('format', {
        type: 'string',
        choices: ['text', 'dot', 'json'] as const,
        requiresArg: true,
        describe: 'A tree, the language of graphviz, or JSON [default: text]',
      }),
  run: async (call, { target, tasks, format = 'text' }) => {
    if (call.json && format === 'dot')
      throw new VarveError('usage', '--json and --format dot exclude each other');
    const { readGraph } = await import('../../operations/read-graph.ts');
    const { formatGraphDot, formatGraphTree } = await import('../../reporting/format-graph.ts');
    const between = tasks === true ? 'tasks' : 'recipes';
    const graph = readGraph(call.world, { buildDir: call.buildDir(), targets: target, between }, call.note);
    const document = { schema: 1, ...graph };
    call.answer(document, () => {
      if (format === 'json') return `${JSON.stringify(document)}\n`;
      return format === 'dot' ? formatGraphDot(graph) : formatGraphTree(graph);
    });
  },
});
