/** Notes that wait to be in the record: a line each in a file beside it, where a killed process leaves them. */
import type { FileSystem } from '../ports/world.ts';
import type { CommitId } from '../terms/ids.ts';
import { NOTE_KINDS, type NoteKind, type Notes } from './notes.ts';
import { readIfThere, replaceFile } from './replace-file.ts';

export interface JottingNotes extends Notes {
  /** Of those that are settled: so that on a full disk nothing is written by who only looks. */
  list(kind: NoteKind): ReturnType<Notes['list']>;
  /**
   * Tells of a commit for `read` at once, and for git when `settle` is called: which costs little for many. Runs add to
   * what is told already; logs and times replace it.
   */
  jot(commit: CommitId, told: Partial<Record<NoteKind, Uint8Array | string>>): void;
  /** Sets what was jotted down, by this process or by one that was killed. */
  settle(): void;
}

type Line = readonly [kind: NoteKind, commit: CommitId, bytes: string];
type Jotted = ReadonlyMap<NoteKind, Map<CommitId, Buffer>>;

/** Lets notes be jotted down in a file, which need not be there. */
export function jottingNotes(notes: Notes, fs: FileSystem, path: string): JottingNotes {
  let known: Jotted | undefined;
  const jotted = (): Jotted => (known ??= readLines(fs, path));
  const withSettled = (kind: NoteKind, commit: CommitId, waiting: Buffer): Buffer =>
    kind === 'runs' ? addLines(notes.read(kind, commit), waiting) : waiting;
  const reader: Notes['reader'] = (kind) => {
    let settled: ReturnType<Notes['reader']> | undefined;
    return (commit) => {
      const waiting = jotted().get(kind)?.get(commit);
      if (waiting !== undefined) return withSettled(kind, commit, waiting);
      settled ??= notes.reader(kind);
      return settled(commit);
    };
  };
  const settle = (): void => {
    for (const [kind, told] of jotted()) {
      const whole = [...told].map(
        ([commit, waiting]) => [commit, withSettled(kind, commit, waiting)] as const,
      );
      notes.set(kind, new Map(whole));
    }
    if ([...jotted().values()].some((told) => told.size > 0)) fs.rmSync(path, { force: true });
    known = undefined;
  };
  return {
    ...notes,
    settle,
    jot(commit, told) {
      // A build of a thousand recipes has logs and times of more than memory should hold.
      known = undefined;
      const lines = NOTE_KINDS.flatMap((kind) => {
        const content = told[kind];
        return content === undefined ? [] : [formatLine(kind, commit, Buffer.from(content))];
      });
      // The line before may have no end, where the power or the room on a disk had one.
      fs.appendFileSync(path, ['', ...lines, ''].join('\n'));
    },
    read: (kind, commit) => reader(kind)(commit),
    reader,
    reduce(kind, isKept) {
      settle();
      return notes.reduce(kind, isKept);
    },
  };
}

/** Takes away what was jotted down of commits that are not there. */
export function forgetJotted(fs: FileSystem, path: string, isThere: (commit: CommitId) => boolean): void {
  const text = readIfThere(fs, path) ?? '';
  const kept = text
    .split('\n')
    .map((line) => [line, parseLine(line)?.[1]] as const)
    .filter(([, commit]) => commit !== undefined && isThere(commit))
    .map(([line]) => `${line}\n`)
    .join('');
  if (kept !== text) replaceFile(fs, { path, temporary: `${path}.new` }, kept);
}

function readLines(fs: FileSystem, path: string): Jotted {
  const jotted = new Map(NOTE_KINDS.map((kind) => [kind, new Map<CommitId, Buffer>()]));
  for (const line of (readIfThere(fs, path) ?? '').split('\n')) {
    const [kind, commit, bytes] = parseLine(line) ?? [];
    const told = kind && jotted.get(kind);
    if (told === undefined || commit === undefined || bytes === undefined) continue;
    const content = Buffer.from(bytes, 'latin1');
    told.set(commit, kind === 'runs' ? addLines(told.get(commit), content) : content);
  }
  return jotted;
}

/** The lines of a note and those of another that it has not. */
export function addLines(old: Buffer | undefined, lines: Buffer): Buffer {
  const known = new Set((old ?? '').toString('latin1').split('\n'));
  const added = lines
    .toString('latin1')
    .split('\n')
    .filter((line) => !known.has(line));
  return Buffer.concat([old ?? Buffer.alloc(0), ...added.map((line) => Buffer.from(`${line}\n`, 'latin1'))]);
}

function formatLine(kind: NoteKind, commit: CommitId, content: Buffer): string {
  return JSON.stringify([kind, commit, content.toString('latin1')] satisfies Line);
}

/** Undefined for a line that a power cut left unfinished. */
function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
