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
    const { formatUnreadable } = await import('../../reporting/format-unreadable.ts');
    const recipes = listRecipes(call.world, { buildDir: call.buildDir() }, call.note);
    call.answer(recipesDocument(recipes, call.world.fs), () => formatRecipes(recipes, call));
    call.world.stderr.write(formatUnreadable(recipes, call));
    return recipes.every(({ error }) => error === undefined) ? 0 : 2;
  },
});
