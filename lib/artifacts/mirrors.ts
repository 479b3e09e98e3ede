import type { FileSystem, World } from '../ports/world.ts';
import type { Signature, TaskId } from '../terms/ids.ts';
import type { AcEntry } from './ac-entry.ts';
import { fileTransport } from './file-transport.ts';
import { httpTransport } from './http-transport.ts';
import { openKnownEntries, type KnownEntries } from './known-entries.ts';
import { openMirror, type Mirror } from './mirror.ts';
import type { Answer } from './read-entry.ts';
import type { ArtifactStore } from './store.ts';
import type { Transport } from './transport.ts';

/** Other places to get artifacts from; what they say is verified, and what is wrong with it is a miss that is said. */
export interface Mirrors {
  /** The entry of the first that has one. */
  find(wanted: Wanted): Promise<AcEntry | undefined>;
  /** Asks for all of these at once; `find` waits for what is under way, and asks itself where that is of no use. */
  prefetch(expected: readonly Expected[]): void;
  /** What `find` found, now or in an earlier build. */
  known(signature: Signature): AcEntry | undefined;
  /** Brings what `find` found into the store. */
  bring(wanted: Wanted, store: ArtifactStore): Promise<Brought>;
  /** What `find` found is not so. */
  refuse(signature: Signature): void;
  /** Whether any of them was asked anything yet. */
  asked(): boolean;
}

export type Brought =
  /** `from`: the mirror that gave the archive; absent where the store had it. */
  | { readonly kind: 'found'; readonly entry: AcEntry; readonly from?: string }
  | { readonly kind: 'lost'; readonly why: string };

export interface Wanted {
  readonly signature: Signature;
  /** Whose result it is, for messages. */
  readonly task: TaskId;
}

/** A result that is likely to be needed, by its deep key. */
export interface Expected {
  readonly task: TaskId;
  readonly deep: Signature;
}

export interface MirrorsOptions {
  /** `http://`, `https://` and `file://`, in the order in which they are asked. */
  readonly roots: readonly string[];
  /** A directory of the build directory's own for {@link KnownEntries}. */
  readonly knownDir: string;
  readonly signal: AbortSignal;
  /** Something is wrong with a mirror. */
  readonly warn: (text: string, about?: TaskId) => void;
}

type MirrorWorld = Pick<World, 'env'> & { readonly fs: FileSystem };

/** Opens mirrors; nothing is asked yet. */
export function openMirrors(world: MirrorWorld, options: MirrorsOptions): Mirrors {
  const { signal, warn } = options;
  const mirrors = options.roots.map((root) =>
    openMirror({
      open: (ends) => openTransport(world, root, ends),
      signal,
      onTrouble: (url, why) =>
        warn(`the artifact mirror ${url} cannot be used (${why}); this build goes on without it`),
    }),
  );
  const known = openKnownEntries({ fs: world.fs, dir: options.knownDir });
  const expected = new Map<TaskId, Promise<AcEntry | undefined>>();
  const ask = async (
    task: TaskId,
    question: (mirror: Mirror) => Promise<Answer>,
  ): Promise<AcEntry | undefined> => {
    for (const mirror of mirrors) {
      const answer = await question(mirror);
      if (answer.kind === 'found') return answer.entry;
      if (answer.kind === 'damaged')
        warn(
          `${task}: the mirror ${mirror.url} has a damaged entry (${answer.why}), which is passed over`,
          task,
        );
    }
    return undefined;
  };
  return {
    find: async ({ signature, task }) => {
      const learned = known.read(signature);
      if (learned !== undefined) return learned;
      const fetched = await expected.get(task);
      const entry =
        fetched?.signature === signature ? fetched : await ask(task, (mirror) => mirror.entry(signature));
      if (entry !== undefined) known.keep(entry);
      return entry;
    },
    prefetch(all) {
      for (const { task, deep } of all) {
        if (expected.has(task)) continue;
        const answer = ask(task, (mirror) => mirror.deepEntry(deep));
        // What is wrong is met where the answer is waited for, if it ever is.
        answer.catch(() => undefined);
        expected.set(task, answer);
      }
    },
    known: (signature) => known.read(signature),
    bring: (wanted, store) => bring({ mirrors, known, warn }, wanted, store),
    refuse: (signature) => known.forget(signature),
    asked: () => mirrors.some((mirror) => mirror.asked()),
  };
}

/** Reaches the files below a root, by what its URL begins with. */
export function openTransport(world: MirrorWorld, root: string, signal: AbortSignal): Transport {
  return root.startsWith('file:') ? fileTransport(world.fs, root) : httpTransport(world, root, signal);
}

interface Bringing {
  readonly mirrors: readonly Mirror[];
  readonly known: KnownEntries;
  readonly warn: MirrorsOptions['warn'];
}

async function bring(
  { mirrors, known, warn }: Bringing,
  { signature, task }: Wanted,
  store: ArtifactStore,
): Promise<Brought> {
  const entry = known.read(signature);
  if (entry === undefined) return { kind: 'lost', why: 'no mirror has it' };
  if (store.archives.whyNot(entry.archive) === undefined)
    return { kind: 'found', entry: store.publish(entry).entry };
  for (const mirror of mirrors) {
    const answer = await mirror.archive(entry.archive, store.archives);
    if (answer.kind === 'brought')
      return { kind: 'found', entry: store.publish(entry).entry, from: mirror.url };
    if (answer.kind === 'damaged')
      warn(
        `${task}: the mirror ${mirror.url} has a damaged archive (${answer.why}), which is passed over`,
        task,
      );
  }
  return { kind: 'lost', why: 'no mirror has its archive whole' };
}
