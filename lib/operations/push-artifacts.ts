/** `varve artifact push`: what a build stands on goes where others look for it. */
import type { AcEntry } from '../artifacts/ac-entry.ts';
import type { Pushed } from '../artifacts/push-artifact.ts';
import { fetchRevocations, keepRevocations, pushRevocations } from '../artifacts/revocations-file.ts';
import { openStore, type ArtifactStore } from '../artifacts/store.ts';
import type { Transport, Trouble } from '../artifacts/transport.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit, taskId, type Signature } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { Trust } from '../trust/trust.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { findWithArtifact, type Standing } from './record/find-recorded.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { foresee } from './building/foresee.ts';
import { neededRecipes } from './explaining/needed-recipes.ts';
import { openTrust } from './store/open-trust.ts';
import { planNow } from './building/plan-now.ts';
import { isMirrorRoot, mirrorRoots } from './store/reach-mirrors.ts';
import { inputsBehind, type RecordedRecipe } from './record/recorded-recipe.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface PushRequest {
  readonly buildDir: string;
  /** RECIPE or RECIPE@BUILD; none: all that stands in the newest build. */
  readonly targets: readonly string[];
  /** Its root; left out: the first of ARTIFACT_MIRRORS. */
  readonly mirror?: string;
  /** Reads what is there whole, and puts a whole archive in place of a damaged one. */
  readonly verify?: boolean;
}

export interface PushedArtifacts {
  readonly schema: 1;
  readonly mirror: string;
  /** By recipe and task. */
  readonly artifacts: readonly PushedArtifact[];
  /** How many revocations the mirror did not know. */
  readonly revocations: number;
}

export interface PushedArtifact {
  readonly entry: AcEntry;
  readonly pushed: Pushed;
}

/** Pushes artifacts of the store, those with them that they were built from, and what was revoked. */
export async function pushArtifacts(world: World, request: PushRequest, say: Say): Promise<PushedArtifacts> {
  const { buildDir, targets, verify = false } = request;
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: warnThrough(say) });
  const root = chooseMirror(metadata, request.mirror);
  const record = openRecord(world, buildDir);
  const trust = openTrust(world, metadata, (text) => say(`warning: ${text}`));
  const recipes =
    targets.length === 0
      ? newestBuild(record, trust)
      : neededRecipes(
          record,
          targets.map((target) => standingOf(record, target)),
        );
  const abort = new AbortController();
  const stopListening = world.onInterrupt(() => abort.abort());
  const { openTransport } = await import('../artifacts/mirrors.ts');
  const transports = await import('../artifacts/transport.ts');
  const transport = openTransport(world, root, abort.signal);
  try {
    const pushed = await pushTo(transport, {
      record,
      metadata,
      recipes,
      trust,
      verify,
      signal: abort.signal,
    });
    tellUnsigned(pushed, trust, say);
    return pushed;
  } catch (error) {
    abort.abort();
    if (!(error instanceof transports.Trouble)) throw error;
    throw new VarveError('task', `the artifact mirror ${transport.url} cannot be used: ${error.message}`, {
      hints: hintsOf(error),
    });
  } finally {
    stopListening();
  }
}

/** Whoever has a key believes that what goes out is signed; what was made before the key was named is not. */
function tellUnsigned({ artifacts }: PushedArtifacts, { ownKey }: Trust, say: Say): void {
  const unsigned = artifacts.filter(
    ({ entry, pushed }) => pushed.kind === 'pushed' && entry.sshsig === undefined,
  );
  if (ownKey === undefined || unsigned.length === 0) return;
  say(
    `warning: ${unsigned.length} of them without a signature, made elsewhere or before ARTIFACT_SIGNING_KEY was set: who names ARTIFACT_TRUSTED_KEYS passes them over`,
  );
  say('hint: with your own key among ARTIFACT_TRUSTED_KEYS the next build signs what was made here');
}

function hintsOf({ final, refuses }: Trouble): readonly string[] {
  if (refuses === 'method')
    return [
      'A server to push to must take PUT: docs/artifacts.md has an nginx that does (dav_methods PUT).',
      'varve artifact push file:///DIRECTORY   pushes to a directory, which any server of files may serve',
    ];
  if (refuses === 'asker')
    return [
      'Its configuration tells who may push; a name and password may stand in the URL: https://NAME:PASSWORD@…',
    ];
  return final ? [] : ['Push again: what is there stays, and what is not goes there then.'];
}

function chooseMirror(metadata: Metadata, named: string | undefined): string {
  const root = named ?? mirrorRoots(metadata)[0];
  if (root !== undefined && isMirrorRoot(root)) return root;
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
}

interface WhatToPush {
  readonly record: TheRecord;
  readonly metadata: Metadata;
  readonly recipes: readonly RecordedRecipe[];
  readonly trust: Trust;
  readonly verify: boolean;
  readonly signal: AbortSignal;
}

/** What is revoked goes first: so nobody takes what does not count for want of knowing. */
async function pushTo(transport: Transport, what: WhatToPush): Promise<PushedArtifacts> {
  const { record, metadata, recipes, trust, verify, signal } = what;
  const { pushArtifact } = await import('../artifacts/push-artifact.ts');
  const { persist } = await import('../artifacts/persist.ts');
  const place = { fs: record.world.fs, dir: metadata.places.artifactDir };
  keepRevocations(place, trust.learn(await persist(signal, () => fetchRevocations(transport))));
  const revocations = await pushRevocations(transport, trust.revocations(), signal);
  const store = openStore(place, trust);
  const { found, refused } = storedEntries(store, recipes);
  const deepKeyOf = await deepKeysNow(
    record,
    metadata,
    found.map(({ entry }) => entry),
  );
  const common = { transport, signal, trust, store, verify };
  const pushed = await inTurn(found, async ({ entry, inputs }) => ({
    entry,
    pushed: await pushArtifact({ ...common, entry, inputs, deep: deepKeyOf(entry) }),
  }));
  return { schema: 1, mirror: transport.url, artifacts: [...pushed, ...refused], revocations };
}

/** Each after what it was made from, so that a push which is cut off leaves nothing above a gap; the others at once. */
function inTurn<Done>(
  all: readonly Stored[],
  push: (stored: Stored) => Promise<Done>,
): Promise<readonly Done[]> {
  const byContent = new Map(all.map((stored) => [String(stored.entry.id), stored]));
  const entered = new Set<Stored>();
  const begun = new Map<Stored, Promise<Done>>();
  function begin(stored: Stored): Promise<Done> | undefined {
    // What the same content was once made from may lead back to it: that is not waited for.
    if (entered.has(stored)) return begun.get(stored);
    entered.add(stored);
    const given = stored.inputs?.filter(({ kind }) => kind === 'artifact' || kind === 'produced') ?? [];
    const behind = given.flatMap(({ value }) => value.split(' ').flatMap((id) => byContent.get(id) ?? []));
    const own = Promise.all(behind.map(async (other) => begin(other))).then(() => push(stored));
    begun.set(stored, own);
    return own;
  }
  for (const stored of all) void begin(stored);
  return Promise.all(all.flatMap((stored) => begun.get(stored) ?? []));
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
    await foresee(plan, { of: [] });
    return ({ recipe, task, signature }) => {
      const id = taskId(recipe, task);
      return plan.planner.known.signature(id) === signature ? plan.context.deepKey(id) : undefined;
    };
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return () => undefined;
  }
}

/** Who only revokes need not build: what is revoked is worth a push by itself. */
function newestBuild(record: TheRecord, trust: Trust): readonly RecordedRecipe[] {
  const build = record.builds.at(-1);
  if (build !== undefined) return record.recipes(build);
  if (trust.revocations().length > 0) return [];
  throw new VarveError('usage', 'nothing was built here yet', { hints: ['varve build RECIPE'] });
}

function standingOf(record: TheRecord, target: string): Standing {
  const revision = parseRevision(target);
  if (revision.kind === 'artifact') return findWithArtifact(record, revision, { build: revision.build });
  throw new VarveError('usage', `what is pushed is named RECIPE or RECIPE@BUILD, not "${target}"`, {
    hints: ['varve artifact list   lists what the store holds'],
  });
}

interface Stored {
  readonly entry: AcEntry;
  readonly inputs: readonly Input[] | undefined;
}

/** What the store has of these; what was made from edits, or is on a mirror only, it has not. */
function storedEntries(
  store: ArtifactStore,
  recipes: readonly RecordedRecipe[],
): { readonly found: readonly Stored[]; readonly refused: readonly PushedArtifact[] } {
  const found = new Map<Signature, Stored>();
  const refused: PushedArtifact[] = [];
  for (const recipe of recipes) {
    for (const { signature } of recipe.artifacts()) {
      const inputs = inputsBehind(recipe, signature);
      const stored = store.lookup(signature, inputs);
      if (stored.kind === 'found') found.set(signature, { entry: stored.entry, inputs });
      if (stored.kind === 'refused')
        refused.push({ entry: stored.entry, pushed: { kind: 'refused', why: stored.why } });
    }
  }
  const place = ({ entry: { recipe, task } }: Stored): string => `${recipe}\0${task}`;
  return { found: [...found.values()].sort((a, b) => byCodeUnit(place(a), place(b))), refused };
}
