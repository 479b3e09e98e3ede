import type { ArtifactId, Signature } from './ids.ts';
import { VarveError } from './varve-error.ts';

/** An artifact that the record names is neither in its history nor in the store; a mirror may have it. */
export class ArtifactAway extends VarveError {
  readonly recipe: string;
  readonly artifact: { readonly signature: Signature; readonly id: ArtifactId };

  constructor(recipe: string, artifact: ArtifactAway['artifact'], why: string) {
    super('usage', `the artifact of ${recipe} is no longer here: ${why}`, {
      hints: [`varve build ${recipe}   makes it anew where its inputs are as they were`],
    });
    this.recipe = recipe;
    this.artifact = artifact;
  }
}
