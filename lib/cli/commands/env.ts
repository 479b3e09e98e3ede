import { defineCommand } from '../command.ts';

/** `varve env [RECIPE] [VARIABLE]`: values, and every statement that made one. */
export const envCommand = defineCommand({
  command: 'env [recipe] [variable]',
  describe: 'Show variables, and every statement that made a value',
  examples: [
    ['varve env zlib CFLAGS', 'Its value and the file and line of each statement that made it'],
    ['varve env zlib', 'All variables of a recipe, in a form that a shell can read'],
    ['varve env', 'The configuration: bblayers.conf, local.conf, distro, machine'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', describe: 'A recipe; left out: the configuration' })
      .positional('variable', { type: 'string', describe: 'One variable' }),
  run: async (call, { recipe, variable }) => {
    const { readEnvironment } = await import('../../operations/read-environment.ts');
    const { environmentDocument, formatEnvironment } = await import('../../reporting/format-environment.ts');
    const environment = readEnvironment(
      call.world,
      {
        buildDir: call.buildDir(),
        ...(recipe === undefined ? {} : { recipe }),
        ...(variable === undefined ? {} : { variable }),
      },
      call.note,
    );
    call.answer(environmentDocument(environment), () => formatEnvironment(environment, call));
  },
});
