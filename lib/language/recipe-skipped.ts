/** A recipe's Python said that it is not for this configuration. Not an error: the recipe is there, but skipped. */
export class RecipeSkipped extends Error {
  override readonly name = 'RecipeSkipped';
}
