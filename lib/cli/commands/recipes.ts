import { defineCommand } from '../command.ts';

/** `varve recipes`: the recipes that the layers offer. */
export const recipesCommand = defineCommand({
  command: 'recipes',
  describe: 'List the recipes of the layers, and those that are skipped or cannot be read',
  examples: [['varve recipes', 'Name, version, layer and file of each']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listRecipes } = await import('../../operations/list-recipes.ts');
    const { formatRecipes, recipesDocument } = await import('../../reporting/format-recipes.ts');
    const { formatError } = await import('../../reporting/report-error.ts');
    const recipes = listRecipes(call.world, { buildDir: call.buildDir() }, call.note);
    call.answer(recipesDocument(recipes, call.world.fs), () => formatRecipes(recipes, call));
    const errors = recipes.flatMap(({ error }) => (error === undefined ? [] : [error]));
    for (const error of errors) call.world.stderr.write(formatError(error, call));
    return errors.length === 0 ? 0 : 2;
  },
});
