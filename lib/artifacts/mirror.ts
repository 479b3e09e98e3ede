import { setMaxListeners } from 'node:events';
import type { Signature } from '../terms/ids.ts';
import type { Revocation } from '../trust/revocation.ts';
import type { AcEntry } from './ac-entry.ts';
import type { Archives } from './archives.ts';
import { Damage } from './damage.ts';
import { persist } from './persist.ts';
import { readEntry, readEntryAt, type Answer } from './read-entry.ts';
import { fetchRevocations } from './revocations-file.ts';
import { archivePath, entryPath } from './store-paths.ts';
import { Trouble, type Transport } from './transport.ts';

/** One mirror, asked by a build: what cannot be had there in whatever way is missing. */
export interface Mirror {
  readonly url: string;
  /** A directory, which costs nothing to ask. */
  readonly isDirectory: boolean;
  /** Whether it was asked anything yet. */
  asked(): boolean;
  entry(signature: Signature): Promise<Answer>;
  /** The entry under a deep key. */
  deepEntry(deep: Signature): Promise<Answer>;
  /** Brings an archive into `archives`, verified. */
  archive(
    archive: AcEntry['archive'],
    archives: Archives,
  ): Promise<Exclude<Answer, { kind: 'found' }> | Brought>;
  /** What was revoked, as it says: asked once, together with the first question, or `now`; undefined: not asked yet. */
  revocations(when?: 'now'): Promise<readonly Revocation[]> | undefined;
}

interface Brought {
  readonly kind: 'brought';
}

export interface MirrorOptions {
  readonly open: (signal: AbortSignal) => Transport;
  readonly signal: AbortSignal;
  /** Told once, when the mirror turns out not to answer; it is not asked again then. */
  readonly onTrouble: (url: string, why: string) => void;
}

/**
 * Opens a mirror. The first question goes alone, but for what was revoked: where nobody answers it, that has cost a build
 * the time of one, however many it has.
 */
export function openMirror({ open, signal, onTrouble }: MirrorOptions): Mirror {
  const own = new AbortController();
  // As many listen to it as there are questions.
  setMaxListeners(0, own.signal);
  const transport = open(AbortSignal.any([signal, own.signal]));
  let first: Promise<unknown> | undefined;
  let revoked: Promise<readonly Revocation[]> | undefined;

  async function ask<T>(question: () => Promise<T>, missing: T): Promise<T> {
    if (own.signal.aborted || signal.aborted) return missing;
    try {
      return await persist(own.signal, question);
    } catch (error) {
      if (own.signal.aborted || signal.aborted) return missing;
      if (!(error instanceof Trouble)) throw error;
      own.abort();
      onTrouble(transport.url, error.message);
      return missing;
    }
  }
  function askRevoked(): Promise<readonly Revocation[]> {
    revoked ??= ask(() => fetchRevocations(transport), []);
    return revoked;
  }
  async function askInTurn<T>(question: () => Promise<T>, missing: T): Promise<T> {
    if (first !== undefined) {
      await first;
      return ask(question, missing);
    }
    const answer = ask(question, missing);
    // What is wrong is met where the answer is waited for.
    first = Promise.allSettled([answer, askRevoked()]);
    return answer;
  }

  return {
    url: transport.url,
    isDirectory: transport.url.startsWith('file:'),
    asked: () => first !== undefined || revoked !== undefined,
    entry: (signature) => askInTurn(() => readEntry(transport, signature), { kind: 'missing' }),
    deepEntry: (deep) =>
      askInTurn(() => readEntryAt(transport, entryPath(deep), (entry) => entry.deep === deep), {
        kind: 'missing',
      }),
    archive: (archive, archives) =>
      askInTurn(async () => bring(transport, archive, archives), { kind: 'missing' }),
    revocations: (when) => (when === 'now' ? askRevoked() : revoked),
  };
}

async function bring(
  transport: Transport,
  archive: AcEntry['archive'],
  archives: Archives,
): ReturnType<Mirror['archive']> {
  try {
    const isThere = await archives.receive(archive, (sink) => transport.get(archivePath(archive), sink));
    return { kind: isThere ? 'brought' : 'missing' };
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return { kind: 'damaged', why: error.message };
  }
}
