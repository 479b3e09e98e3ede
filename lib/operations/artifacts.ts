/** The artifact store, asked. */
import type { AcEntry } from '../artifacts/ac-entry.ts';
import { checkArtifact } from '../artifacts/read-artifact.ts';
import type { StoreListing } from '../artifacts/store.ts';
import { installTask } from '../graph/arrange-tasks.ts';
import type { World } from '../ports/world.ts';
import { closest } from '../terms/closest.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { findWithArtifact } from './find-recorded.ts';
import { openRecord, type TheRecord } from './open-record.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';

/** Lists what the store holds, by recipe. */
export function listArtifacts(world: World, request: { readonly buildDir: string }): StoreListing {
  return openRecord(world, request.buildDir).store().list();
}

/** Finds the store's entry for an artifact, by its REV. */
export function showArtifact(
  world: World,
  request: { readonly buildDir: string; readonly rev: string },
): AcEntry {
  return storedEntry(openRecord(world, request.buildDir), request.rev);
}

export interface VerifiedStore {
  readonly schema: 1;
  /** Entries that were looked at. */
  readonly checked: number;
  readonly damaged: readonly DamagedArtifact[];
}

export interface DamagedArtifact {
  readonly signature: string;
  readonly why: string;
  /** Absent where not even the entry can be read. */
  readonly recipe?: string;
  readonly version?: string;
  readonly task?: string;
}

/**
 * Reads everything in the store (or what it has of one recipe) whole. What is damaged is taken out of the way, so
 * that the next build which needs it makes it anew.
 */
export function verifyArtifacts(
  world: World,
  request: { readonly buildDir: string; readonly recipe?: string },
): VerifiedStore {
  const store = openRecord(world, request.buildDir).store();
  const { entries, damaged } = store.list();
  const { recipe } = request;
  const isMeant = (name: string | undefined): boolean => recipe === undefined || name === recipe;
  const meant = entries.filter((entry) => isMeant(entry.recipe));
  const lost = damaged.filter(({ entry }) => isMeant(entry?.recipe));
  if (recipe !== undefined && meant.length + lost.length === 0) {
    const near = closest(recipe, new Set(entries.map((entry) => entry.recipe)));
    throw new VarveError('usage', `the store has nothing of ${recipe}`, {
      hints: [near === undefined ? `varve build ${recipe}` : `did you mean "${near}"?`],
    });
  }
  const found = meant.flatMap((entry) => {
    const check = checkArtifact({ store, entry });
    return check.kind === 'damaged' ? [{ entry, signature: entry.signature, why: check.why }] : [];
  });
  return {
    schema: 1,
    checked: meant.length + lost.length,
    damaged: [...found, ...lost].map(({ entry, signature, why }) => ({
      signature,
      why,
      ...(entry && { recipe: entry.recipe, version: entry.version, task: entry.task }),
    })),
  };
}

/** Finds the store's entry for an artifact that a build recorded; an error that says why there is none. */
export function storedEntry(record: TheRecord, rev: string): AcEntry {
  const revision = parseRevision(rev);
  if (revision.kind !== 'artifact' && revision.kind !== 'task') {
    throw new VarveError('usage', `an artifact is named RECIPE or RECIPE@BUILD, not "${rev}"`, {
      hints: ['varve artifact list   lists what the store holds'],
    });
  }
  const task = revision.kind === 'task' ? revision.task : installTask;
  const { recipe } = findWithArtifact(record, revision, { task, build: revision.build });
  const artifact = recipe.artifact(task);
  if (artifact === undefined) throw notStored(rev, recipe.recipe, whyNone(recipe, task));
  const found = record.store().lookup(artifact.signature);
  if (found.kind === 'found') return found.entry;
  throw notStored(
    rev,
    recipe.recipe,
    found.kind === 'damaged' ? found.why : 'it was made from edits, or was removed',
  );
}

function whyNone(recipe: RecordedRecipe, task: string): string {
  const isThere = recipe.tasks().some((each) => each.task === task);
  if (task === installTask || !isThere) return `its ${task} did not succeed`;
  return `${task} has none, or did not succeed`;
}

/** Says that an artifact is not to be had from the store. */
export function notStored(rev: string, recipe: string, why: string): VarveError {
  return new VarveError('usage', `the store has no artifact of ${rev}: ${why}`, {
    hints: [`varve build ${recipe}`],
  });
}
