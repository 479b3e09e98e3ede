/** The artifact store, asked. */
import { signedText, type AcEntry } from '../artifacts/ac-entry.ts';
import { checkArtifact } from '../artifacts/read-artifact.ts';
import { openStore, type StoreListing } from '../artifacts/store.ts';
import { whyRefused } from '../artifacts/why-refused.ts';
import { installTask } from '../graph/arrange-tasks.ts';
import type { RecordedBuild } from '../history/recorded-build.ts';
import type { World } from '../ports/world.ts';
import { closest } from '../terms/closest.ts';
import type { Input } from '../terms/inputs.ts';
import { refs } from '../terms/places.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { verifyText } from '../trust/sign-text.ts';
import { createTrust, type Trust } from '../trust/trust.ts';
import { findWithArtifact } from './record/find-recorded.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { configuredTrust } from './store/open-trust.ts';
import { inputsBehind, type RecordedRecipe } from './record/recorded-recipe.ts';

/** Lists what the store holds, by recipe; what does not count apart. */
export function listArtifacts(world: World, { buildDir }: { readonly buildDir: string }): StoreListing {
  const { places } = openRecord(world, buildDir);
  return openStore({ fs: world.fs, dir: places.artifactDir }, trustNow(world, buildDir)).list();
}

/** The store's entry for an artifact. */
export interface ShownArtifact extends AcEntry {
  /** Whose signature it has: `SHA256:…`. */
  readonly signedBy?: string;
  /** Why it does not count, after "it"; absent where it does. */
  readonly refused?: string;
}

/** Finds the store's entry for an artifact, by its REV. */
export function showArtifact(
  world: World,
  { buildDir, rev }: { readonly buildDir: string; readonly rev: string },
): ShownArtifact {
  const { entry, inputs } = storedEntry(openRecord(world, buildDir), rev);
  const signedBy = entry.sshsig === undefined ? undefined : verifyText(entry.sshsig, signedText(entry));
  const refused = whyRefused(trustNow(world, buildDir), entry, inputs);
  return {
    ...entry,
    ...(signedBy !== undefined && { signedBy }),
    ...(refused !== undefined && { refused }),
  };
}

export interface VerifiedStore {
  readonly schema: 1;
  /** Entries that were looked at. */
  readonly checked: number;
  /** They were taken out of the way. */
  readonly damaged: readonly DamagedArtifact[];
  /** Entries whose archive was gone before: a miss until a build makes it anew. */
  readonly withoutArchive: readonly Omit<DamagedArtifact, 'why'>[];
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
  const { entries, damaged, bereft } = store.list();
  const { recipe } = request;
  const isMeant = (name: string | undefined): boolean => recipe === undefined || name === recipe;
  const meant = entries.filter((entry) => isMeant(entry.recipe));
  const lost = damaged.filter(({ entry }) => isMeant(entry?.recipe));
  const without = bereft.filter((entry) => isMeant(entry.recipe));
  if (recipe !== undefined && meant.length + lost.length + without.length === 0) {
    const near = closest(recipe, new Set(entries.map((entry) => entry.recipe)));
    throw new VarveError('usage', `the store has nothing of ${recipe}`, {
      hints: [near === undefined ? `varve build ${recipe}` : `did you mean "${near}"?`],
    });
  }
  const found = meant.flatMap((entry) => {
    const check = checkArtifact({ store, entry });
    return check.kind === 'damaged' ? [{ entry, signature: entry.signature, why: check.why }] : [];
  });
  for (const { signature, entry, why } of lost) store.discard({ signature, ...entry }, why);
  return {
    schema: 1,
    checked: meant.length + lost.length,
    damaged: [...found, ...lost].map(({ entry, signature, why }) => ({
      signature,
      why,
      ...(entry && { recipe: entry.recipe, version: entry.version, task: entry.task }),
    })),
    withoutArchive: without.map(({ signature, recipe: of, version, task }) => ({
      signature,
      recipe: of,
      version,
      task,
    })),
  };
}

export interface StoredArtifact {
  readonly entry: AcEntry;
  /** Where it stood. */
  readonly build: RecordedBuild;
  readonly recipe: RecordedRecipe;
  readonly inputs: readonly Input[] | undefined;
}

/**
 * Finds the store's entry for an artifact that a build recorded, whether it counts or not; an error that says why there
 * is none.
 */
export function storedEntry(record: TheRecord, rev: string): StoredArtifact {
  const revision = parseRevision(rev);
  if (revision.kind !== 'artifact' && revision.kind !== 'task') {
    throw new VarveError('usage', `an artifact is named RECIPE or RECIPE@BUILD, not "${rev}"`, {
      hints: ['varve artifact list   lists what the store holds'],
    });
  }
  const task = revision.kind === 'task' ? revision.task : installTask;
  const { recipe, build } = findWithArtifact(record, revision, { task, build: revision.build });
  const artifact = recipe.artifact(task);
  if (artifact === undefined) throw notStored(rev, recipe.recipe, whyNone(recipe, task));
  const found = record.store().lookup(artifact.signature);
  if (found.kind === 'found')
    return { entry: found.entry, build, recipe, inputs: inputsBehind(recipe, artifact.signature) };
  if (found.kind === 'damaged') throw notStored(rev, recipe.recipe, found.why);
  if ((recipe.inputs(task, 'edited') ?? []).length > 0) throw madeWithEdits(record, rev, recipe);
  throw notStored(rev, recipe.recipe, 'only a mirror has it, or it was removed');
}

/** While they are in force a build makes none either. */
function madeWithEdits({ history }: TheRecord, rev: string, { arch, recipe }: RecordedRecipe): VarveError {
  if (history(arch, recipe)?.refs.read(refs.editing) === undefined)
    return notStored(rev, recipe, 'it was made with edits');
  return new VarveError(
    'usage',
    `the store has no artifact of ${rev}: it was made with edits, which builds of ${recipe} go on with`,
    {
      hints: [
        `varve edit finish ${recipe}   makes patches of them`,
        `varve edit drop ${recipe}   builds it without them`,
      ],
    },
  );
}

/** Whom the configuration trusts; while it cannot be read, the store can be looked at all the same. */
function trustNow(world: World, buildDir: string): Trust {
  try {
    return configuredTrust(world, buildDir, () => {});
  } catch (error) {
    if (error instanceof VarveError) return createTrust();
    throw error;
  }
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
