import type { HttpBody } from '../http/http-request.ts';
import type { Signature } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { Trust } from '../trust/trust.ts';
import { formatAcEntry, type AcEntry, type Archive } from './ac-entry.ts';
import { expecting } from './archives.ts';
import { Damage } from './damage.ts';
import { persist } from './persist.ts';
import { checkArtifact } from './read-artifact.ts';
import { readEntry, readEntryAt, type Answer } from './read-entry.ts';
import { archivePath, disputePath, entryPath } from './store-paths.ts';
import type { ArtifactStore } from './store.ts';
import { Trouble, type Transport } from './transport.ts';
import { whyRefused } from './why-refused.ts';

export type Pushed =
  | { readonly kind: 'pushed' }
  /** It is there; `disputed`: somebody made something else of the same inputs. */
  | { readonly kind: 'stands'; readonly disputed?: AcEntry }
  /** What somebody else made of the same inputs came first: it is in the store now, and in force. */
  | { readonly kind: 'other'; readonly entry: AcEntry }
  /** It is not whole here. */
  | { readonly kind: 'damaged'; readonly why: string }
  /** It does not count, as `why` says after "it". */
  | { readonly kind: 'refused'; readonly why: string }
  /** What stands there does not count, and cannot be replaced. */
  | { readonly kind: 'held'; readonly why: string; readonly path: string };

export interface Pushing {
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly store: ArtifactStore;
  readonly entry: AcEntry;
  /** The key that it is to be found under too. */
  readonly deep: Signature | undefined;
  /** What counts of what stands there. */
  readonly trust: Trust;
  /** What it was made from, where that is known: see {@link Trust}. */
  readonly inputs?: readonly Input[] | undefined;
  /** Reads each archive that stands there whole, and replaces one that is damaged. */
  readonly verify: boolean;
}

/**
 * Puts an artifact on a mirror, its archive first, so that no entry there leads nowhere. The first writer wins; not
 * every server refuses a second one, so what stands there is read back.
 */
export async function pushArtifact(pushing: Pushing): Promise<Pushed> {
  const { transport, signal, store, entry } = pushing;
  const checked = checkArtifact({ store, entry });
  if (checked.kind === 'damaged') return checked;
  const read = async (): Promise<Answer> =>
    judged(pushing, await persist(signal, () => readEntry(transport, entry.signature)));
  const there = await read();
  if (there.kind === 'found' && there.entry.id !== entry.id) return giveWay(pushing, there.entry);
  if (there.kind === 'found' && (await hasArchive(pushing, there.entry))) {
    await putDeep(pushing);
    return stands(pushing);
  }
  if (!(await hasArchive(pushing, entry))) await put(pushing, archivePath(entry.archive), archiveOf(pushing));
  await put(
    pushing,
    entryPath(entry.signature),
    textOf(pushing),
    there.kind === 'missing' ? 'create' : 'replace',
  );
  const standing = await read();
  if (standing.kind === 'refused')
    return { kind: 'held', why: standing.why, path: entryPath(entry.signature) };
  if (standing.kind !== 'found')
    throw new Trouble(`it does not give ${entryPath(entry.signature)} as it was put there`, { final: true });
  if (standing.entry.id !== entry.id) return giveWay(pushing, standing.entry);
  await putDeep(pushing);
  return { kind: 'pushed' };
}

function judged({ trust, inputs }: Pushing, answer: Answer): Answer {
  if (answer.kind !== 'found') return answer;
  const why = whyRefused(trust, answer.entry, inputs);
  return why === undefined ? answer : { kind: 'refused', why, entry: answer.entry };
}

/** Whether the mirror has the archive, as far as its length tells where nothing is to be verified. */
async function hasArchive({ transport, signal, verify }: Pushing, { archive }: AcEntry): Promise<boolean> {
  const size = await persist(signal, () => transport.size(archivePath(archive)));
  const isLongEnough = size !== undefined && (Number.isNaN(size) || size === archive.size);
  return isLongEnough && (!verify || (await persist(signal, () => isWhole(transport, archive))));
}

async function isWhole(transport: Transport, archive: Archive): Promise<boolean> {
  const { sink, end } = expecting(archive, () => {});
  try {
    if (!(await transport.get(archivePath(archive), sink))) return false;
    end();
    return true;
  } catch (error) {
    if (error instanceof Damage) return false;
    throw error;
  }
}

function put(
  { transport, signal }: Pushing,
  path: string,
  content: HttpBody,
  how: 'create' | 'replace' = 'replace',
): Promise<boolean> {
  return persist(signal, () => transport.put(path, content, how));
}

/** Lets it be found under its deep key; one that is its signature says nothing more. */
async function putDeep(pushing: Pushing): Promise<void> {
  const { transport, signal, entry, deep } = pushing;
  if (deep === undefined || deep === entry.signature) return;
  const path = entryPath(deep);
  const there = judged(
    pushing,
    await persist(signal, () => readEntryAt(transport, path, (found) => found.deep === deep)),
  );
  if (there.kind === 'found') return;
  await put(pushing, path, textOf(pushing), there.kind === 'missing' ? 'create' : 'replace');
}

async function stands({ transport, signal, entry }: Pushing): Promise<Pushed> {
  const path = disputePath(entry.signature);
  const isMeant = ({ signature }: AcEntry): boolean => signature === entry.signature;
  const other = await persist(signal, () => readEntryAt(transport, path, isMeant));
  return other.kind === 'found' && other.entry.id !== entry.id
    ? { kind: 'stands', disputed: other.entry }
    : { kind: 'stands' };
}

/** Leaves word of what was made here, and takes what came first, so that all plan with the same. */
async function giveWay(pushing: Pushing, first: AcEntry): Promise<Pushed> {
  const { transport, signal, store, entry } = pushing;
  await put(pushing, disputePath(entry.signature), textOf(pushing), 'create');
  try {
    const isThere = await persist(signal, () =>
      store.archives.receive(first.archive, (sink) => transport.get(archivePath(first.archive), sink)),
    );
    if (!isThere) throw new Damage('the mirror does not have its archive');
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    await put(pushing, archivePath(entry.archive), archiveOf(pushing));
    await put(pushing, entryPath(entry.signature), textOf(pushing));
    return { kind: 'pushed' };
  }
  store.publish(first, { force: true });
  return { kind: 'other', entry: first };
}

function archiveOf({ store, entry: { archive } }: Pushing): HttpBody {
  return { size: archive.size, bytes: () => store.archives.bytes(archive) };
}

function textOf({ entry, deep }: Pushing): HttpBody {
  const text = Buffer.from(formatAcEntry(deep === undefined ? entry : { ...entry, deep }));
  return { size: text.length, bytes: () => [text] };
}
