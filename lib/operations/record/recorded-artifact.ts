/** The tree of an artifact: from the recipe's history, else from the store. */
import { importArtifact } from '../../artifacts/import-artifact.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { CommitId, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import type { TheRecord } from './open-record.ts';
import type { RecordedArtifact } from '../../execution/results/artifact-record.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';

export interface ArtifactTree {
  readonly objects: ObjectStore;
  readonly tree: TreeId;
  /** The artifact commit, where the history has one. */
  readonly commit?: CommitId;
  /** The time of all that is in it, in seconds, where that is known. */
  readonly time?: number;
}

/** Finds the tree of an artifact; brings it from the store into the history where only the store has it. */
export function artifactTreeOf(
  record: TheRecord,
  recipe: RecordedRecipe,
  artifact: RecordedArtifact,
): ArtifactTree {
  const history = record.history(recipe.arch, recipe.recipe);
  if (history?.objects.has(artifact.tree) === true) {
    const commit = history.refs.read(refs.artifact(artifact.signature)) as CommitId | undefined;
    const found = commit === undefined ? undefined : history.objects.readCommit(commit);
    const known = commit !== undefined && found?.tree === artifact.tree ? { commit, time: found.time } : {};
    return { objects: history.objects, tree: artifact.tree, ...known };
  }
  const found = record.store().lookup(artifact.signature);
  if (found.kind !== 'found' || found.entry.tree !== artifact.tree)
    throw lost(recipe, artifact, found.kind === 'damaged' ? found.why : undefined);
  const { objects } = record.makeHistory(recipe.arch, recipe.recipe);
  const imported = importArtifact({ store: record.store(), entry: found.entry, objects });
  if (imported.kind === 'damaged') throw lost(recipe, artifact, imported.why);
  return { objects, tree: imported.tree, time: found.entry.time };
}

function lost({ recipe }: RecordedRecipe, artifact: RecordedArtifact, why: string | undefined): ArtifactAway {
  const reason =
    why === undefined
      ? 'neither its history nor the artifact store has it'
      : `the store's copy is damaged (${why})`;
  return new ArtifactAway(recipe, artifact, reason);
}
