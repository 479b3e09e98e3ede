/** What proves that questions asked of the disk would be answered alike: the stat of everything that they were about. */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { lastTouched } from '../terms/last-touched.ts';
import type { Asked } from './watch-world.ts';

type Kind = 'there' | 'whole' | 'link' | 'lead';

/** The numbers of a stat, or a text. */
type Answer = readonly number[] | string;

/** Questions by directory, names in it; and the SHA-256 of all answers, in this order. */
export interface Proof {
  readonly questions: readonly (readonly [kind: Kind, dir: string, names: readonly string[]])[];
  readonly sha256: string;
}

/** Whether all that was asked would be answered as it was. Costs a stat each. */
export function holds(fs: FileSystem, { questions, sha256 }: Proof): boolean {
  return digestOf(questions, (kind, path) => answerTo(fs, kind, path)) === sha256;
}

export interface Proving {
  /** What was touched at or after this may have been another when it was asked; nanoseconds since the epoch. */
  readonly bound: bigint;
  /** A directory in which files come and go whenever anything is asked. */
  readonly restless: string;
}

/** Proves what was asked; undefined where that cannot be. */
export function prove(
  fs: FileSystem,
  { files, leads }: Asked,
  { bound, restless }: Proving,
): Proof | undefined {
  const answers = {
    there: new Map<string, Answer>(),
    whole: new Map<string, Answer>(),
    link: new Map<string, Answer>(),
  };
  const isOld = (stat: Stats): boolean => touched(stat) < bound;
  /** What is not there is proved by the directory that it is not in. */
  const addAbsent = (question: 'whole' | 'link', path: string): void => {
    const parent = dirname(path);
    if (parent === path || answers.whole.has(parent)) return;
    const stat = look(fs, 'whole', parent);
    if (stat === undefined) addAbsent('whole', parent);
    else if (isOld(stat) && parent !== restless) answers.whole.set(parent, fieldsOf(stat));
    else answers[question].set(path, none);
  };
  for (const question of ['link', 'whole'] as const) {
    for (const [path, found] of files[question]) {
      const stat = look(fs, question, path);
      if ((stat !== undefined) !== found || (stat !== undefined && !isOld(stat))) return undefined;
      if (stat === undefined) addAbsent(question, path);
      else if (question === 'link' || !isPlain(fs, path, answers.link))
        answers[question].set(path, fieldsOf(stat));
    }
  }
  for (const [path, found] of files.there) {
    if (fs.existsSync(path) !== found) return undefined;
    if (!found) addAbsent('whole', path);
    else if (!answers.whole.has(path) && !isPlain(fs, path, answers.link)) answers.there.set(path, 'true');
  }
  for (const [path, to] of leads) if (leadOf(fs, path) !== to) return undefined;
  const all: Readonly<Record<Kind, ReadonlyMap<string, Answer>>> = { ...answers, lead: leads };
  const questions = (['whole', 'link', 'there', 'lead'] as const).flatMap((kind) =>
    byDirectory(kind, all[kind].keys()),
  );
  return { questions, sha256: digestOf(questions, (kind, path) => all[kind].get(path) ?? none) };
}

/** What is no link answers all questions alike. */
function isPlain(fs: FileSystem, path: string, links: ReadonlyMap<string, Answer>): boolean {
  const known = links.get(path);
  const stat = known === undefined ? undefined : look(fs, 'whole', path);
  return stat !== undefined && fieldsOf(stat).every((field, index) => field === known?.[index]);
}

/** No file has inode 0. */
const none: Answer = [0, 0, 0, 0, 0, 0];

function byDirectory(kind: Kind, paths: Iterable<string>): Proof['questions'] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const dir = path.slice(0, slash);
    const names = groups.get(dir);
    if (names === undefined) groups.set(dir, [path.slice(slash + 1)]);
    else names.push(path.slice(slash + 1));
  }
  return [...groups].map(([dir, names]) => [kind, dir, names]);
}

/** Numbers are hashed as they are: to write out so many as text takes longer than to ask for them. */
function digestOf(questions: Proof['questions'], answer: (kind: Kind, path: string) => Answer): string {
  const count = questions.reduce((sum, [, , names]) => sum + names.length, 0);
  const numbers = new Float64Array(count * none.length);
  const texts: string[] = [];
  let at = 0;
  for (const [kind, dir, names] of questions)
    for (const name of names) {
      const told = answer(kind, `${dir}/${name}`);
      if (typeof told === 'string') texts.push(told);
      else for (let field = 0; field < none.length; field += 1) numbers[at + field] = told[field] ?? 0;
      at += none.length;
    }
  return createHash('sha256').update(numbers).update(JSON.stringify(texts)).digest('hex');
}

function answerTo(fs: FileSystem, kind: Kind, path: string): Answer {
  switch (kind) {
    case 'there':
      return String(fs.existsSync(path));
    case 'whole':
    case 'link': {
      const stat = look(fs, kind, path);
      return stat === undefined ? none : fieldsOf(stat);
    }
    case 'lead':
      return leadOf(fs, path);
    default:
      return kind satisfies never;
  }
}

/** The change time is there because a file may be replaced by one of the same size and modification time. */
function fieldsOf({ dev, ino, mode, size, mtimeMs, ctimeMs }: Stats): readonly number[] {
  return [dev, ino, mode, size, mtimeMs, ctimeMs];
}

function touched({ mtimeMs, ctimeMs }: Stats): bigint {
  const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n;
  return lastTouched({ mtimeNs: nanoseconds(mtimeMs), ctimeNs: nanoseconds(ctimeMs) });
}

/** Times as numbers tell a quarter of a microsecond; as integers they would cost as much as the call itself. */
function look(fs: FileSystem, question: 'whole' | 'link', path: string): Stats | undefined {
  try {
    return question === 'whole'
      ? fs.statSync(path, { throwIfNoEntry: false })
      : fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A directory that is closed, or a link that leads round in circles.
    return undefined;
  }
}

function leadOf(fs: FileSystem, path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return '';
  }
}
