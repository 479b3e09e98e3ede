/** `varve artifact push`: what a build stands on goes where others look for it. */
import type { AcEntry } from '../artifacts/ac-entry.ts';
import type { Pushed } from '../artifacts/push-artifact.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit, splitTaskId, taskId, type Signature, type TaskId } from '../terms/ids.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { findWithArtifact, type Standing } from './find-recorded.ts';
import { openRecord, type TheRecord } from './open-record.ts';
import { foresee } from './foresee.ts';
import { planNow } from './plan-now.ts';
import { isMirrorRoot, mirrorRoots } from './reach-mirrors.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';
import { warnThrough, type Say } from './say.ts';

export interface PushRequest {
  readonly buildDir: string;
  /** RECIPE or RECIPE@BUILD; none: all that stands in the newest build. */
  readonly targets: readonly string[];
  /** Its root; left out: the first of ARTIFACT_MIRRORS. */
  readonly mirror?: string;
}

export interface PushedArtifacts {
  readonly schema: 1;
  readonly mirror: string;
  /** By recipe and task. */
  readonly artifacts: readonly PushedArtifact[];
}

export interface PushedArtifact {
  readonly entry: AcEntry;
  readonly pushed: Pushed;
}

/** Pushes artifacts of the store, those with them that they were built from. */
export async function pushArtifacts(world: World, request: PushRequest, say: Say): Promise<PushedArtifacts> {
  const { buildDir, targets } = request;
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: warnThrough(say) });
  const root = request.mirror ?? mirrorRoots(metadata)[0];
  if (root === undefined || !isMirrorRoot(root))
    throw new VarveError(
      'usage',
      root === undefined ? 'there is no mirror to push to' : `"${root}" is no artifact mirror`,
      {
        hints: [
          'varve artifact push https://cache.example.com/varve',
          'Or set ARTIFACT_MIRRORS in conf/local.conf.',
        ],
      },
    );
  const record = openRecord(world, buildDir);
  const entries = storedEntries(record, targets.length === 0 ? newestBuild(record) : needed(record, targets));
  const abort = new AbortController();
  const stopListening = world.onInterrupt(() => abort.abort());
  const { pushArtifact } = await import('../artifacts/push-artifact.ts');
  const { openTransport } = await import('../artifacts/mirrors.ts');
  const { Trouble } = await import('../artifacts/transport.ts');
  const transport = openTransport(world, root, abort.signal);
  const deepKeyOf = await deepKeysNow(record, metadata, entries);
  const options = { transport, signal: abort.signal, store: record.store() };
  try {
    const artifacts = await Promise.all(
      entries.map(async (entry) => ({
        entry,
        pushed: await pushArtifact({ ...options, entry, deep: deepKeyOf(entry) }),
      })),
    );
    return { schema: 1, mirror: transport.url, artifacts };
  } catch (error) {
    abort.abort();
    if (!(error instanceof Trouble)) throw error;
    throw new VarveError('task', `the artifact mirror ${transport.url} cannot be used: ${error.message}`, {
      hints: ['Push again: what is there stays, and what is not goes there then.'],
    });
  } finally {
    stopListening();
  }
}

/** The deep keys of what is as the metadata has it now; of the others none is known any more. */
async function deepKeysNow(
  record: TheRecord,
  metadata: Metadata,
  entries: readonly AcEntry[],
): Promise<(entry: AcEntry) => Signature | undefined> {
  try {
    const recipes = [...new Set(entries.map(({ recipe }) => recipe))];
    const plan = await planNow(record, metadata, recipes);
    await foresee(plan);
    return ({ recipe, task, signature }) => {
      const id = taskId(recipe, task);
      return plan.planner.known.signature(id) === signature ? plan.context.deepKey(id) : undefined;
    };
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return () => undefined;
  }
}

function newestBuild(record: TheRecord): readonly RecordedRecipe[] {
  const build = record.builds.at(-1);
  if (build !== undefined) return record.recipes(build);
  throw new VarveError('usage', 'nothing was built here yet', { hints: ['varve build RECIPE'] });
}

/** The recipes that are named, and by what their tasks were made from, those that they need. */
function needed(record: TheRecord, targets: readonly string[]): readonly RecordedRecipe[] {
  const found = new Map<string, RecordedRecipe>();
  const queue = targets.map((target) => standingOf(record, target));
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const { build, recipe } = at;
    if (found.has(recipe.oid)) continue;
    found.set(recipe.oid, recipe);
    const names = new Set(
      recipe.tasks().flatMap(({ task }) => (recipe.inputs(task) ?? []).flatMap(recipeMeant)),
    );
    queue.push(
      ...record
        .recipes(build)
        .filter((each) => names.has(each.recipe))
        .map((each) => ({ build, recipe: each })),
    );
  }
  return [...found.values()];
}

function standingOf(record: TheRecord, target: string): Standing {
  const revision = parseRevision(target);
  if (revision.kind === 'artifact') return findWithArtifact(record, revision, { build: revision.build });
  throw new VarveError('usage', `what is pushed is named RECIPE or RECIPE@BUILD, not "${target}"`, {
    hints: ['varve artifact list   lists what the store holds'],
  });
}

function recipeMeant({ kind, name }: { readonly kind: string; readonly name: string }): readonly string[] {
  if (kind === 'artifact') return [name];
  return kind === 'produced' ? [splitTaskId(name as TaskId).recipe] : [];
}

/** What the store has of these; what was made from edits, or is on a mirror only, it has not. */
function storedEntries(record: TheRecord, recipes: readonly RecordedRecipe[]): readonly AcEntry[] {
  const store = record.store();
  const found = new Map<Signature, AcEntry>();
  for (const { signature } of recipes.flatMap((recipe) => recipe.artifacts())) {
    const stored = store.lookup(signature);
    if (stored.kind === 'found') found.set(signature, stored.entry);
  }
  const place = ({ recipe, task }: AcEntry): string => `${recipe}\0${task}`;
  return [...found.values()].sort((a, b) => byCodeUnit(place(a), place(b)));
}
