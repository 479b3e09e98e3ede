/** Answers that took a long time to find, kept between runs: each is the answer as long as its proof holds. */
import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem, World } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { TICK } from '../terms/last-touched.ts';
import { bootId } from './boot-id.ts';
import { holds, prove, type Proof } from './prove.ts';
import type { Asked } from './watch-world.ts';

export interface AnswerPlace {
  /** A directory for such files. */
  readonly dir: string;
  /** Where files come and go whenever it is answered. */
  readonly restless: string;
  /** Plain data: what is to be answered. */
  readonly question: unknown;
}

export interface KeptAnswer<Answer> {
  readonly answer: Answer;
  /** Whether it is the answer still. */
  holds(): boolean;
}

interface Content<Answer> {
  readonly answer: Answer;
  readonly environment: readonly (readonly [name: string, value: string | null])[];
  readonly proof: Proof;
}

/** So many files stay: for other targets and options. */
const mostFiles = 8;
const sumLength = 64;
const millisecond = 1_000_000n;

/** Finds what was kept; undefined where nothing was, or it is not whole, or it is of another environment. */
export function findAnswer<Answer>(world: World, place: AnswerPlace): KeptAnswer<Answer> | undefined {
  const content = readContent<Answer>(world.fs, pathOf(world, place));
  if (content === undefined) return undefined;
  const isSame = content.environment.every(([name, value]) => (world.env[name] ?? null) === value);
  return isSame ? { answer: content.answer, holds: () => holds(world.fs, content.proof) } : undefined;
}

/** Keeps an answer to all that was asked for it, if that can be proved. Saves time only: where it fails, nothing is kept. */
export function keepAnswer(
  world: World,
  place: AnswerPlace,
  { answer, asked }: { readonly answer: unknown; readonly asked: Asked },
): void {
  const { fs } = world;
  const aside = join(place.dir, randomUUID());
  try {
    fs.mkdirSync(place.dir, { recursive: true });
    fs.writeFileSync(aside, '');
    // The file system's own clock: the one that dates the files.
    const now = fs.statSync(aside, { bigint: true }).mtimeNs;
    const bound = now - BigInt(world.now() - asked.since) * millisecond - TICK;
    const proof = prove(fs, asked, { bound, restless: place.restless });
    if (proof === undefined) return fs.rmSync(aside);
    const environment = [...asked.environment].map(([name, value]) => [name, value ?? null] as const);
    const text = JSON.stringify({ answer, environment, proof } satisfies Content<unknown>);
    fs.writeFileSync(aside, hash('sha256', text, 'hex') + text);
    fs.renameSync(aside, pathOf(world, place));
    removeOld(fs, place.dir);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    removeIfThere(fs, aside);
  }
}

/** Where it could not be written, it is not there. */
function removeIfThere(fs: FileSystem, path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

/** Other varves, machines, or lives of this machine, whose files may not all have come to the disk, answer for themselves. */
function pathOf(world: World, { dir, question }: Pick<AnswerPlace, 'dir' | 'question'>): string {
  const { program, hostname, machine, cpus, cwd } = world;
  const key = JSON.stringify([program, hostname, machine, cpus, cwd, bootId(world.fs), question]);
  return join(dir, hash('sha256', key, 'hex'));
}

function readContent<Answer>(fs: FileSystem, path: string): Content<Answer> | undefined {
  const text = textOf(fs, path);
  const isWhole =
    text !== undefined && text.slice(0, sumLength) === hash('sha256', text.slice(sumLength), 'hex');
  return isWhole ? (JSON.parse(text.slice(sumLength)) as Content<Answer>) : undefined;
}

function textOf(fs: FileSystem, path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function removeOld(fs: FileSystem, dir: string): void {
  const files = fs.readdirSync(dir).map((name) => {
    const path = join(dir, name);
    return { path, time: fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  const oldest = files.toSorted((a, b) => b.time - a.time || byCodeUnit(a.path, b.path)).slice(mostFiles);
  for (const { path } of oldest) fs.rmSync(path, { force: true });
}
