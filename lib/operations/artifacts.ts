/** The artifact store, asked. */
import { checkArtifact } from '../artifacts/read-artifact.ts';
import type { AcEntry } from '../artifacts/ac-entry.ts';
import type { World } from '../ports/world.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { findWithArtifact } from './find-recorded.ts';
import { openRecord, type TheRecord } from './open-record.ts';

/** Lists what the store holds, by recipe. */
export function listArtifacts(world: World, request: { readonly buildDir: string }): readonly AcEntry[] {
  return openRecord(world, request.buildDir).store().list().entries;
}

/** Finds the store's entry for a recipe's artifact. */
export function showArtifact(
  world: World,
  request: { readonly buildDir: string; readonly rev: string },
): AcEntry {
  return entryOf(openRecord(world, request.buildDir), request.rev);
}

export interface ExportedFile extends AcEntry {
  readonly file: string;
}

/** Copies the archive of a recipe's artifact to a file, after looking whether it is whole. */
export function exportArtifactFile(
  world: World,
  request: { readonly buildDir: string; readonly rev: string; readonly file: string },
): ExportedFile {
  const record = openRecord(world, request.buildDir);
  const entry = entryOf(record, request.rev);
  const checked = checkArtifact({ store: record.store(), entry });
  if (checked.kind === 'damaged') throw notStored(request.rev, entry.recipe, `it is damaged: ${checked.why}`);
  const aside = `${request.file}.new`;
  try {
    world.fs.copyFileSync(record.store().archivePath(entry.archive), aside);
    world.fs.renameSync(aside, request.file);
  } catch (cause) {
    world.fs.rmSync(aside, { force: true });
    throw new VarveError('usage', `${request.file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
  return { ...entry, file: request.file };
}

function entryOf(record: TheRecord, rev: string): AcEntry {
  const revision = parseRevision(rev);
  if (revision.kind !== 'artifact') {
    throw new VarveError('usage', `an artifact is named RECIPE or RECIPE@BUILD, not "${rev}"`, {
      hints: ['varve artifact list   lists what the store holds'],
    });
  }
  const { recipe } = findWithArtifact(record, revision, revision.build);
  const artifact = recipe.artifact();
  if (artifact === undefined) throw notStored(rev, recipe.recipe, 'its do_install did not succeed');
  const found = record.store().lookup(artifact.signature);
  if (found.kind === 'found') return found.entry;
  throw notStored(
    rev,
    recipe.recipe,
    found.kind === 'damaged' ? found.why : 'it was made from edits, or was removed',
  );
}

function notStored(rev: string, recipe: string, why: string): VarveError {
  return new VarveError('usage', `the store has no artifact of ${rev}: ${why}`, {
    hints: [`varve build ${recipe}`],
  });
}
