import { defineCommand } from '../command.ts';

/** `varve recipes`: the recipes that the layers offer. */
export const recipesCommand = defineCommand({
  command: 'recipes',
  describe: 'List the recipes of the layers',
  examples: [['varve recipes', 'Name, version, layer and file of each']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listRecipes } = await import('../../operations/list-recipes.ts');
    const { formatRecipes } = await import('../../reporting/format-metadata.ts');
    const recipes = listRecipes(call.world, { buildDir: call.buildDir() }, call.note);
    call.answer(recipes, () => formatRecipes(recipes, call));
  },
});
