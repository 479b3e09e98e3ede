import type { FileSystem, World } from '../ports/world.ts';
import type { Signature, TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { Revocation } from '../trust/revocation.ts';
import type { Trust } from '../trust/trust.ts';
import type { AcEntry } from './ac-entry.ts';
import { fileTransport } from './file-transport.ts';
import { httpTransport } from './http-transport.ts';
import { openKnownEntries } from './known-entries.ts';
import { openMirror, type Mirror } from './mirror.ts';
import type { Answer } from './read-entry.ts';
import { archivePath } from './store-paths.ts';
import type { ArtifactStore } from './store.ts';
import type { Transport } from './transport.ts';
import { whyRefused } from './why-refused.ts';

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
  /** Whether any was asked anything yet whose answers no look at files can prove. */
  asked(): boolean;
  /** What was revoked, as mirrors say that were asked for anything; each that was not within the last hour is asked now. */
  revocations(): Promise<readonly Revocation[]>;
  /** What they said was revoked is taken in. */
  keepHeard(): void;
  /** When one is to be asked for that again, milliseconds since the epoch; undefined where none is a server. */
  listenAgain(): number | undefined;
}

export type Brought =
  /** `from`: the mirror that gave the archive; absent where the store had it. */
  | { readonly kind: 'found'; readonly entry: AcEntry; readonly from?: string }
  | { readonly kind: 'lost'; readonly why: string };

export interface Wanted {
  readonly signature: Signature;
  /** Whose result it is, for messages. */
  readonly task: TaskId;
  /** What it is made from: see {@link Trust}. */
  readonly inputs?: readonly Input[];
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
  /** What counts. */
  readonly trust: Trust;
  readonly signal: AbortSignal;
  /** Something is wrong with a mirror. */
  readonly warn: (text: string, about?: TaskId) => void;
}

type PassOver = (
  task: TaskId,
  mirror: Mirror,
  wrong: { readonly what: string; readonly cure?: string },
) => void;

type MirrorWorld = Pick<World, 'env' | 'now'> & { readonly fs: FileSystem };

const HOUR = 3_600_000;

/** Opens mirrors; nothing is asked yet. */
export function openMirrors(world: MirrorWorld, options: MirrorsOptions): Mirrors {
  const { signal, warn, trust } = options;
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
  const said = new Set<string>();
  const noted = new Set<Mirror>();
  const passOver: PassOver = (task, { url }, { what, cure }) => {
    const passed = `${task}: the mirror ${url} has ${what}, which is passed over`;
    const text = cure === undefined ? passed : `${passed}; ${cure}`;
    if (!said.has(text)) warn(text, task);
    said.add(text);
  };
  const servers = mirrors.filter(({ isDirectory }) => !isDirectory);
  let isListening = false;
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    const [heard, now] = [known.heard(), world.now()];
    for (const mirror of mirrors) {
      const last = mirror.isDirectory ? undefined : heard.get(mirror.url);
      const isDue = last === undefined || now < last || now >= last + HOUR;
      // What is wrong is met where the answer is waited for.
      if (isDue) mirror.revocations('now')?.catch(() => undefined);
    }
  };
  const ask = async (
    { task, inputs }: Pick<Wanted, 'task' | 'inputs'>,
    question: (mirror: Mirror) => Promise<Answer>,
  ): Promise<AcEntry | undefined> => {
    for (const mirror of mirrors) {
      const answer = await question(mirror);
      if (answer.kind === 'damaged') passOver(task, mirror, { what: `a damaged entry (${answer.why})` });
      if (answer.kind !== 'found') continue;
      const refused = whyRefused(trust, answer.entry, inputs);
      if (refused === undefined) return answer.entry;
      passOver(task, mirror, { what: `an artifact that ${refused}` });
    }
    return undefined;
  };
  const learned = ({ signature, inputs }: Wanted): AcEntry | undefined => {
    const entry = known.read(signature);
    return entry === undefined || whyRefused(trust, entry, inputs) !== undefined ? undefined : entry;
  };
  return {
    find: async (wanted) => {
      const { signature, task, inputs } = wanted;
      const before = learned(wanted);
      if (before !== undefined) return before;
      const fetched = await expected.get(task);
      const serves = fetched?.signature === signature && whyRefused(trust, fetched, inputs) === undefined;
      const entry = serves ? fetched : await ask(wanted, (mirror) => mirror.entry(signature));
      if (entry !== undefined) known.keep(entry);
      return entry;
    },
    prefetch(all) {
      for (const { task, deep } of all) {
        if (expected.has(task)) continue;
        const answer = ask({ task }, (mirror) => mirror.deepEntry(deep));
        // What is wrong is met where the answer is waited for, if it ever is.
        answer.catch(() => undefined);
        expected.set(task, answer);
      }
    },
    known: (signature) => known.read(signature),
    bring: (wanted, store) => bring({ mirrors, entry: learned(wanted), passOver }, wanted, store),
    async revocations() {
      listen();
      return (await Promise.all(mirrors.flatMap((mirror) => mirror.revocations() ?? []))).flat();
    },
    keepHeard() {
      const fresh = servers.filter((mirror) => mirror.revocations() !== undefined && !noted.has(mirror));
      if (fresh.length === 0 || signal.aborted) return;
      for (const mirror of fresh) noted.add(mirror);
      known.keepHeard(new Map([...known.heard(), ...fresh.map(({ url }) => [url, world.now()] as const)]));
    },
    listenAgain() {
      const heard = known.heard();
      const times = servers.flatMap(({ url }) => heard.get(url) ?? []);
      return times.length === 0 ? undefined : Math.min(...times) + HOUR;
    },
    refuse: (signature) => known.forget(signature),
    asked: () => servers.some((mirror) => mirror.asked()),
  };
}

/** Reaches the files below a root, by what its URL begins with. */
export function openTransport(world: Omit<MirrorWorld, 'now'>, root: string, signal: AbortSignal): Transport {
  return root.startsWith('file:') ? fileTransport(world.fs, root) : httpTransport(world, root, signal);
}

interface Bringing {
  readonly mirrors: readonly Mirror[];
  readonly entry: AcEntry | undefined;
  readonly passOver: PassOver;
}

async function bring(
  { mirrors, entry, passOver }: Bringing,
  { task, inputs }: Wanted,
  store: ArtifactStore,
): Promise<Brought> {
  if (entry === undefined) return { kind: 'lost', why: 'no mirror has it' };
  if (store.archives.whyNot(entry.archive) === undefined)
    return { kind: 'found', entry: store.publish(entry, { inputs }).entry };
  for (const mirror of mirrors) {
    const answer = await mirror.archive(entry.archive, store.archives);
    if (answer.kind === 'brought')
      return { kind: 'found', entry: store.publish(entry, { inputs }).entry, from: mirror.url };
    if (answer.kind !== 'damaged') continue;
    const cure = `varve artifact push --verify, where it is whole, replaces ${archivePath(entry.archive)} there`;
    passOver(task, mirror, { what: `a damaged archive (${answer.why})`, cure });
  }
  return { kind: 'lost', why: 'no mirror has its archive whole' };
}
