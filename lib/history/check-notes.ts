/** Looks whether the notes of a history are what varve tells of its commits. */
import { basename } from 'node:path';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { refs as refNames } from '../terms/places.ts';
import { parseRun } from '../terms/run-record.ts';
import type { CheckedRepository } from './check-repository.ts';
import type { Finding } from './finding.ts';
import { type ListedNote, listNotes, type NoteKind } from './notes.ts';
import { asTaskCommit, type TaskCommit } from './task-commits.ts';
import { parseTime } from './times.ts';

interface CheckedNotes {
  readonly count: number;
  readonly findings: readonly Finding[];
}

/** Reads every note of a kind: it is on a commit that is there, and says what varve writes. */
export function checkNotes(repository: CheckedRepository, kind: NoteKind): CheckedNotes {
  const { gitDir, objects, refs, typeOf, isBlind } = repository;
  const head = refs.get(refNames.notes(kind));
  const is = head === undefined ? undefined : typeOf(head);
  // That nothing is there was told with the name.
  if (head === undefined || is === undefined) return { count: 0, findings: [] };
  if (is !== 'commit') return { count: 0, findings: [noNotes(gitDir, kind, is)] };
  if (typeOf(objects.readCommit(head).tree) !== 'tree') return { count: 0, findings: [] };
  const notes = listNotes(objects, head, (tree) => typeOf(tree) === 'tree');
  const isLost = ({ on }: ListedNote): boolean => typeOf(on) !== 'commit';
  return {
    count: notes.length,
    findings: [
      ...(isBlind ? [] : ofNothing(gitDir, kind, notes.filter(isLost))),
      ...notes.filter((note) => !isLost(note)).flatMap((note) => checkNote(repository, kind, note)),
    ],
  };
}

function noNotes(gitDir: string, kind: NoteKind, is: string): Finding {
  const ref = refNames.notes(kind);
  return {
    place: gitDir,
    what: `notes/${kind} names a ${is}`,
    hints: [`git --git-dir ${gitDir} update-ref -d ${ref}   forgets the name: ${LOST[kind]}`],
  };
}

function ofNothing(gitDir: string, kind: NoteKind, lost: readonly ListedNote[]): readonly Finding[] {
  const [first] = lost;
  if (first === undefined) return [];
  const more = lost.length === 1 ? '' : ` and ${lost.length - 1} more`;
  return [
    {
      place: gitDir,
      what: `notes/${kind} tells of ${first.on.slice(0, 12)}${more}: no such commit is there`,
      hints: [`git --git-dir ${gitDir} notes --ref ${kind} prune   takes away what is told of nothing`],
    },
  ];
}

function checkNote(
  { gitDir, objects, refs, typeOf }: CheckedRepository,
  kind: NoteKind,
  { on, text }: ListedNote,
): readonly Finding[] {
  if (typeOf(text) !== 'blob') return [];
  const wrong = whatIsWrong(kind, objects.readBlob(text));
  if (wrong === undefined) return [];
  const task = asTaskCommit(on as CommitId, objects.readCommit(on));
  return [
    {
      place: gitDir,
      what: `notes/${kind} on commit ${on.slice(0, 12)}${task === undefined ? '' : ` (${spoken(task)})`}: ${wrong}`,
      hints: [
        `git --git-dir ${gitDir} notes --ref ${kind} remove ${on}   takes the note away: ${LOST[kind]}`,
        ...(task === undefined ? [] : again(basename(gitDir, '.git'), task, refs)),
      ],
    },
  ];
}

/** What goes with a note: never content. */
const LOST: Readonly<Record<NoteKind, string>> = {
  runs: 'when, where, why and with which key the task ran is lost, and no revocation of that key reaches its result; nothing else is',
  logs: 'the log is lost, nothing else is',
  times:
    'the exact times of what the task wrote are lost, so that make may rebuild in a restored WORKDIR; nothing else is',
};

const spoken = ({ task, signature }: TaskCommit): string => ascii(`${task}@${signature.slice(0, 12)}`);

/** What is imported may say anything: no terminal is commanded by it. */
const ascii = (text: string): string => text.replaceAll(/[^ -~]/g, '·');

/** Only the newest result of a task is made by the next run. */
function again(
  recipe: string,
  { id, task }: TaskCommit,
  refs: ReadonlyMap<string, ObjectId>,
): readonly string[] {
  const [, name = ''] = /:do_(.+)$/.exec(task) ?? [];
  return refs.get(`refs/tags/do_${name}`) === id
    ? [`varve build -f -c ${name} ${recipe}   after that: runs the task anew, and tells of it again`]
    : [];
}

/** Undefined where the note is as varve writes it. Any bytes may be a log. */
function whatIsWrong(kind: NoteKind, note: Buffer): string | undefined {
  switch (kind) {
    case 'runs':
      return note.length === 0 ? 'it tells of no run' : strayLine(note, 'a run', parseRun);
    case 'times':
      return strayLine(note, 'the time of a file', parseTime);
    case 'logs':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function strayLine(note: Buffer, what: string, parse: (line: string) => unknown): string | undefined {
  const lines = note.toString('utf8').split('\n');
  const last = lines.pop() ?? '';
  const at = lines.findIndex((line) => parse(line) === undefined);
  if (at === -1 && last === '') return undefined;
  const [number, line] = at === -1 ? [lines.length, last] : [at, lines[at] ?? ''];
  return `line ${number + 1} is ${ascii(JSON.stringify(line.slice(0, 60)))}, not ${what}`;
}
