import type { Commit, ObjectStore } from '../ports/objects.ts';
import type { CommitId, Signature, StepKey, TaskId, TreeId } from '../terms/ids.ts';

/** Who writes the commits of varve: the same everywhere, so that the same work gives the same id. */
export const AUTHOR = 'varve <varve@localhost>';

/** The state of a WORKDIR after a task, and what is known of it. */
export interface TaskCommit {
  readonly id: CommitId;
  readonly tree: TreeId;
  readonly parents: readonly CommitId[];
  readonly subject: string;
  readonly task: TaskId;
  readonly signature: Signature;
  readonly step: StepKey;
  /** It went on with a person's edits. */
  readonly edited: boolean;
  /** Ctrl-C or a crash cut it off. */
  readonly cutOff: boolean;
  /** It came to no good end; failures of long ago do not say so. */
  readonly fell: boolean;
  readonly trailers: ReadonlyMap<string, string>;
}

export interface NewCommit {
  readonly tree: TreeId;
  readonly parents: readonly CommitId[];
  /** `do_compile: zlib 1.3-r0`. */
  readonly subject: string;
  readonly trailers: readonly (readonly [string, string])[];
  /** Seconds since the epoch, from the recipe and never from the clock. */
  readonly time: number;
  /** Who wrote what is in it; varve commits it. Default: varve itself. */
  readonly author?: string;
}

/** Writes a commit with trailers. */
export function writeCommit(objects: ObjectStore, commit: NewCommit): CommitId {
  const trailers = commit.trailers.map(([key, value]) => `${key}: ${value}\n`).join('');
  return objects.writeCommit({
    tree: commit.tree,
    parents: commit.parents,
    message: `${commit.subject}\n${trailers === '' ? '' : `\n${trailers}`}`,
    time: commit.time,
    author: commit.author ?? AUTHOR,
    ...((commit.author ?? AUTHOR) !== AUTHOR && { committer: AUTHOR }),
  });
}

/** Reads the trailers of a message: the last paragraph, if all of it is such. */
export function readTrailers(message: string): ReadonlyMap<string, string> {
  const paragraphs = message.trimEnd().split('\n\n');
  const lines = paragraphs.length < 2 ? [] : (paragraphs.at(-1)?.split('\n') ?? []);
  const pairs = lines.map((line) => /^([A-Za-z][A-Za-z-]*): (.*)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return new Map();
  return new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

/** Reads a commit as one that a task left; undefined where it is another (a patch, a person's, or one amended). */
export function asTaskCommit(id: CommitId, commit: Commit): TaskCommit | undefined {
  if (commit.committer !== undefined) return undefined;
  const trailers = readTrailers(commit.message);
  const [task, signature, step] = [trailers.get('Task'), trailers.get('Signature'), trailers.get('Step')];
  if (task === undefined || signature === undefined || step === undefined) return undefined;
  return {
    id,
    tree: commit.tree,
    parents: commit.parents,
    subject: commit.message.split('\n')[0] ?? '',
    task: task as TaskId,
    signature: signature as Signature,
    step: step as StepKey,
    edited: trailers.get('Edited') === 'yes',
    cutOff: trailers.get('Cut-Off') === 'yes',
    fell: ['Failed', 'Cut-Off'].some((name) => trailers.get(name) === 'yes'),
    trailers,
  };
}
