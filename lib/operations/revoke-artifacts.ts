/** `varve artifact revoke`: results that do not count any more, and what was made with them. */
import { signedText, type AcEntry } from '../artifacts/ac-entry.ts';
import { keepRevocations } from '../artifacts/revocations-file.ts';
import { openStore } from '../artifacts/store.ts';
import { claimOf } from '../artifacts/why-refused.ts';
import type { World } from '../ports/world.ts';
import { closest } from '../terms/closest.ts';
import type { Signature } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { KeyId } from '../trust/public-key.ts';
import { revocationText, type Revocation } from '../trust/revocation.ts';
import { matchesRule, type Making, type Rule } from '../trust/rule.ts';
import { verifyText } from '../trust/sign-text.ts';
import type { Trust } from '../trust/trust.ts';
import { configuredTrust } from './store/open-trust.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { inputsBehind, type RecordedRecipe } from './record/recorded-recipe.ts';
import type { Say } from '../terms/say.ts';

/** What was revoked before, and counts here. */
export interface Revocations {
  readonly schema: 1;
  /** Oldest first. */
  readonly revocations: readonly (Revocation & { readonly signedBy?: KeyId })[];
}

export interface Revoked {
  readonly schema: 1;
  readonly revocation: Revocation & { readonly signedBy?: KeyId };
  /** False: it was only asked what it would be. */
  readonly written: boolean;
  /** What of the store it is about. */
  readonly artifacts: readonly (AcEntry & { readonly signedBy?: KeyId })[];
  /** What of the store was made with these, and is made again where what comes instead differs. */
  readonly dependants: readonly AcEntry[];
  /** How many entries cannot be told of, since no build here recorded what they were made from. */
  readonly unknown: number;
  /** A recipe in the store that is called almost like the one named, where none is called so. */
  readonly near?: string;
}

interface RevokeRequest {
  readonly buildDir: string;
  readonly rule: Rule;
  readonly write: boolean;
}

/** Lists what is revoked. */
export function listRevocations(
  world: World,
  { buildDir }: Pick<RevokeRequest, 'buildDir'>,
  say: Say,
): Revocations {
  const trust = configuredTrust(world, buildDir, say);
  return { schema: 1, revocations: trust.revocations().map((each) => ({ ...each, ...signerOf(each) })) };
}

/** Tells what a rule is about and, where it is to be written, revokes it for all that use the store. */
export function revokeArtifacts(world: World, request: RevokeRequest, say: Say): Revoked {
  const { buildDir, rule, write } = request;
  const record = openRecord(world, buildDir);
  const trust = configuredTrust(world, buildDir, say);
  const place = { fs: world.fs, dir: record.places.artifactDir };
  const { entries } = openStore(place, trust).list();
  const revocation = signed(trust, { rule, by: world.hostname, at: new Date(world.now()).toISOString() });
  const inputsOf = rule.hosttool === undefined ? () => undefined : recordedInputs(record);
  const told = entries.map((entry) => ({ ...entry, ...keyOf(entry) }));
  const artifacts = told.filter((entry) =>
    makingsOf(entry, inputsOf(entry.signature)).some((making) => matchesRule(rule, making)),
  );
  const tainted = madeWith(record, new Set(artifacts.map(({ signature }) => signature)));
  if (write) {
    refuseVain(trust);
    keepRevocations(place, [revocation]);
  }
  return {
    schema: 1,
    revocation: { ...revocation, ...signerOf(revocation) },
    written: write,
    artifacts,
    dependants: entries.filter(({ signature }) => tainted.has(signature)),
    unknown:
      rule.hosttool === undefined
        ? 0
        : entries.filter(({ signature }) => inputsOf(signature) === undefined).length,
    ...nearRecipe(rule, entries),
  };
}

/** A recipe that is not in this store may be in others: whether it is meant, only who names it knows. */
function nearRecipe({ recipe }: Rule, entries: readonly AcEntry[]): { readonly near?: string } {
  const names = new Set(entries.map((entry) => entry.recipe));
  const near = recipe === undefined || names.has(recipe) ? undefined : closest(recipe, names);
  return near === undefined ? {} : { near };
}

function signed(trust: Trust, revocation: Revocation): Revocation {
  const sshsig = trust.sign(revocationText(revocation));
  return sshsig === undefined ? revocation : { ...revocation, sshsig };
}

/** Nobody who needs a key would heed it, and least of all this build directory. */
function refuseVain(trust: Trust): void {
  if (trust.vouches) return;
  throw new VarveError(
    'usage',
    'a revocation counts here where it is signed with one of ARTIFACT_TRUSTED_KEYS, and there is no such key to sign with',
    {
      hints: ['ARTIFACT_SIGNING_KEY = "…"   in conf/local.conf names the file of one'],
    },
  );
}

/** How an artifact came about, and what it was made from where its signature does not say so. */
function makingsOf(
  entry: AcEntry & { readonly signedBy?: KeyId },
  inputs: readonly Input[] | undefined,
): readonly Making[] {
  const { making, from } = claimOf(entry);
  const { signedBy } = entry;
  const own = {
    ...making,
    ...(signedBy !== undefined && { key: signedBy }),
    ...(inputs !== undefined && { inputs }),
  };
  return from === undefined ? [own] : [own, from];
}

function keyOf(entry: AcEntry): { readonly signedBy?: KeyId } {
  return whose(entry.sshsig, () => signedText(entry));
}

function signerOf(revocation: Revocation): { readonly signedBy?: KeyId } {
  return whose(revocation.sshsig, () => revocationText(revocation));
}

function whose(sshsig: string | undefined, text: () => string): { readonly signedBy?: KeyId } {
  const key = sshsig === undefined ? undefined : verifyText(sshsig, text());
  return key === undefined ? {} : { signedBy: key };
}

/** Each state of each recipe that some build recorded, once. */
function states(record: TheRecord): readonly RecordedRecipe[] {
  const all = record.builds.flatMap((build) => record.recipes(build));
  return [...new Map(all.map((recipe) => [recipe.oid, recipe])).values()];
}

function recordedInputs(record: TheRecord): (signature: Signature) => readonly Input[] | undefined {
  const inputs = new Map(
    states(record).flatMap((recipe) =>
      recipe.artifacts().map(({ signature }) => [signature, inputsBehind(recipe, signature)] as const),
    ),
  );
  return (signature) => inputs.get(signature);
}

/** Signatures of what was made with the artifacts of these, or with what was made with them. */
function madeWith(record: TheRecord, revoked: ReadonlySet<Signature>): ReadonlySet<Signature> {
  const made =
    revoked.size === 0 ? [] : states(record).map((recipe) => ({ recipe, needs: idsNeeded(recipe) }));
  const bad = new Set<string>(
    made.flatMap(({ recipe }) =>
      recipe.artifacts().flatMap(({ signature, id }) => (revoked.has(signature) ? [id] : [])),
    ),
  );
  const found = new Set<Signature>();
  for (let before = -1; before !== bad.size;) {
    before = bad.size;
    for (const { recipe, needs } of made) {
      if (!needs.some((id) => bad.has(id))) continue;
      for (const { signature, id } of recipe.artifacts()) {
        bad.add(id);
        if (!revoked.has(signature)) found.add(signature);
      }
    }
  }
  return found;
}

/** Ids of all artifacts that the tasks of a recipe were given. */
function idsNeeded(recipe: RecordedRecipe): readonly string[] {
  const inputs = [...recipe.inputIds().keys()].flatMap((task) => recipe.inputs(task) ?? []);
  return inputs
    .filter(({ kind }) => kind === 'artifact' || kind === 'produced')
    .map(({ value }) => value.split(' ')[0] ?? '');
}
