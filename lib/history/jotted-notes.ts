/** Notes that wait to be in the record: a line each in a file beside it, where a killed process leaves them. */
import type { FileSystem } from '../ports/world.ts';
import type { CommitId } from '../terms/ids.ts';
import { NOTE_KINDS, type NoteKind, type Notes } from './notes.ts';
import { readIfThere } from './replace-file.ts';

export interface JottingNotes extends Notes {
  /** Of those that are settled: so that on a full disk nothing is written by who only looks. */
  list(kind: NoteKind): ReturnType<Notes['list']>;
  /** Sets a note for `read` at once, and for git when `settle` is called: which costs little for many. */
  jot(kind: NoteKind, commit: CommitId, text: string): void;
  /** Sets what was jotted down, by this process or by one that was killed. */
  settle(): void;
}

type Line = readonly [kind: NoteKind, commit: CommitId, text: string];
type Jotted = ReadonlyMap<NoteKind, Map<CommitId, string>>;

/** Lets notes be jotted down in a file, which need not be there. */
export function jottingNotes(notes: Notes, fs: FileSystem, path: string): JottingNotes {
  let known: Jotted | undefined;
  const jotted = (): Jotted => (known ??= readLines(fs, path));
  const settle = (): void => {
    for (const [kind, texts] of jotted()) notes.set(kind, texts);
    if ([...jotted().values()].some((texts) => texts.size > 0)) fs.rmSync(path, { force: true });
    known = undefined;
  };
  return {
    ...notes,
    settle,
    jot(kind, commit, text) {
      jotted().get(kind)?.set(commit, text);
      fs.appendFileSync(path, `${JSON.stringify([kind, commit, text] satisfies Line)}\n`);
    },
    read(kind, commit) {
      const text = jotted().get(kind)?.get(commit);
      return text === undefined ? notes.read(kind, commit) : Buffer.from(text);
    },
    reduce(kind, isKept) {
      settle();
      return notes.reduce(kind, isKept);
    },
  };
}

function readLines(fs: FileSystem, path: string): Jotted {
  const jotted = new Map(NOTE_KINDS.map((kind) => [kind, new Map<CommitId, string>()]));
  for (const line of (readIfThere(fs, path) ?? '').split('\n')) {
    const [kind, commit, text] = parseLine(line) ?? [];
    if (kind !== undefined && commit !== undefined && text !== undefined) jotted.get(kind)?.set(commit, text);
  }
  return jotted;
}

/** Undefined for a line that a power cut left unfinished. */
function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
