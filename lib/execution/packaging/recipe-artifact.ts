import type { ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';

/** What a task of another recipe made. */
export interface RecipeArtifact {
  readonly recipe: string;
  readonly objects: ObjectStore;
  readonly tree: TreeId;
}
