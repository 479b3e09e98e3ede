import { defineCommand } from '../command.ts';

/** `varve clean RECIPE…`: takes away what can be made again. */
export const cleanCommand = defineCommand({
  command: 'clean <recipe..>',
  describe: 'Remove WORKDIR and sysroot of recipes, and what else is named',
  examples: [
    ['varve clean zlib', 'Remove its WORKDIR and sysroot; history and artifact stay'],
    ['varve clean zlib --artifacts', 'Its archives in the artifact store too'],
    ['varve build -f -c compile zlib', 'To run a task anew, nothing need be removed'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', array: true, demandOption: true, describe: 'Recipes' })
      .option('artifacts', { type: 'boolean', describe: 'Remove its archives from the artifact store' })
      .option('history', { type: 'boolean', describe: 'Remove its history: all its task commits' })
      .option('downloads', { type: 'boolean', describe: 'Remove what it downloaded' }),
  run: async (call, args) => {
    const { cleanRecipes } = await import('../../operations/clean-recipes.ts');
    const { formatCleaned } = await import('../../reporting/format-cleaned.ts');
    const cleaned = await cleanRecipes(
      call.world,
      {
        buildDir: call.buildDir(),
        recipes: args.recipe,
        artifacts: args.artifacts === true,
        history: args.history === true,
        downloads: args.downloads === true,
      },
      call.note,
    );
    call.answer({ schema: 1, recipes: cleaned }, () => formatCleaned(cleaned, call));
  },
});
