/** Looks whether the artifacts that builds name are whole, in the store or in a history. */
import { lookAtArtifact } from '../../artifacts/read-artifact.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import type { CheckedHistory } from '../../history/check-history.ts';
import type { Finding } from '../../history/finding.ts';
import { refs } from '../../terms/places.ts';
import type { RecipeState } from './check-builds.ts';
import type { RecordedArtifact } from '../../execution/results/artifact-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

export interface CheckedArtifacts {
  /** Entries of the store that were read. */
  readonly count: number;
  /** What builds name, and where it is. */
  readonly named: NamedArtifacts;
  readonly findings: readonly Finding[];
}

/** How many artifacts builds name: no damage in any of them, since the store is a cache. */
export interface NamedArtifacts {
  readonly stored: number;
  /** In a history only, from where they can be exported again. */
  readonly inHistory: number;
  /** The store has another content for the same inputs; a history has this one. */
  readonly other: number;
  /** In neither: removed by gc or clean. */
  readonly gone: number;
  /** Entries of the store whose archive is gone: the next build that needs one makes it anew. */
  readonly withoutArchive: number;
}

/** Reads all archives of the store, and looks for the artifacts that builds name. */
export function checkArtifacts(
  store: ArtifactStore,
  states: readonly RecipeState[],
  historyOf: (recipe: RecordedRecipe) => CheckedHistory | undefined,
): CheckedArtifacts {
  const { entries, damaged, bereft } = store.list();
  const named = { stored: 0, inHistory: 0, other: 0, gone: 0, withoutArchive: bereft.length };
  const seen = new Set<string>();
  for (const { recipe } of states) {
    for (const artifact of recipe.artifacts()) {
      const key = `${recipe.arch}/${recipe.recipe} ${artifact.signature} ${artifact.id}`;
      if (!seen.has(key)) named[whereIs(store, artifact, historyOf(recipe))]++;
      seen.add(key);
    }
  }
  const read = entries.flatMap((entry) => {
    const check = lookAtArtifact({ store, entry });
    return check.kind === 'whole' ? [] : [{ entry, signature: entry.signature, why: check.why }];
  });
  const findings = [...damaged, ...read].map(({ signature, entry, why }): Finding => {
    const of = entry === undefined ? '' : ` of ${entry.recipe} ${entry.version}:${entry.task}`;
    return {
      place: store.entryPath(signature),
      what: `the artifact${of} is damaged: ${why}`,
      hints: ['varve artifact verify   takes it out of the way: the next build that needs it makes it anew'],
    };
  });
  return { count: entries.length + damaged.length, named, findings };
}

function whereIs(
  store: ArtifactStore,
  artifact: RecordedArtifact,
  history: CheckedHistory | undefined,
): Exclude<keyof NamedArtifacts, 'withoutArchive'> {
  const found = store.lookup(artifact.signature);
  const entry = found.kind === 'missing' ? undefined : found.entry;
  if (entry?.id === artifact.id && entry.tree === artifact.tree) return 'stored';
  const commit = history?.refs.get(refs.artifact(artifact.signature));
  const isHere = commit !== undefined && history?.typeOf(artifact.tree) === 'tree';
  if (!isHere) return 'gone';
  return entry === undefined ? 'inHistory' : 'other';
}
