/** A program beside varve, spoken to in turns over two FIFOs: who asks waits. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { VarveError } from '../terms/varve-error.ts';
import { memoryDir } from './memory-dir.ts';

export interface Line {
  /** Says a line and waits for the line that answers it; undefined once the other side has ended. */
  exchange(text: string): string | undefined;
  /** Says a line that no answer follows; nothing comes of it once the other side has ended. */
  say(text: string): void;
  /** The standard output, where it was to be a pipe. */
  readonly stdout: Socket | undefined;
  close(): void;
}

export interface LineOptions {
  /** Its descriptors, of which one is that of the questions, and another that of its answers. */
  stdio(questions: number, answers: number): ('ignore' | 'inherit' | 'pipe' | number)[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** It is not told of Ctrl-C. */
  readonly detached?: boolean;
}

/** Starts a program to speak with, which ends with varve. */
export function openLine([program, ...args]: readonly [string, ...string[]], options: LineOptions): Line {
  const { to, from } = openFifos();
  const child = spawn(program, args, { ...options, stdio: options.stdio(to.read, from.write) });
  // That it cannot be started shows as the end of the line.
  child.on('error', () => {});
  child.unref();
  // Held by the child alone, the ends tell each side when the other has gone.
  closeSync(to.read);
  closeSync(from.write);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const say = (text: string): boolean => sayOver(to.write, text);
  const hear = hearOver(from.read);
  let closed = false;
  return {
    exchange: (text) => (closed || !say(text) ? undefined : hear()),
    say: (text) => void (closed || say(text)),
    stdout: child.stdout instanceof Socket ? child.stdout : undefined,
    close: () => {
      if (closed) return;
      closed = true;
      process.off('exit', kill);
      kill();
      closeSync(to.write);
      closeSync(from.read);
    },
  };
}

interface Ends {
  readonly read: number;
  readonly write: number;
}

/** New FIFOs. Pipes of `spawn` would not do: nobody can wait at them. */
function openFifos(): { readonly to: Ends; readonly from: Ends } {
  const place = mkdtempSync(join(memoryDir(), `varve-line-${process.pid}-`));
  const [to, from] = [join(place, 'to'), join(place, 'from')];
  try {
    makeFifos(to, from);
    return { to: openFifo(to), from: openFifo(from) };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The caller's PATH may lead to little more than node. */
function makeFifos(...paths: readonly string[]): void {
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/bin:/bin`, LC_ALL: 'C' };
  const { error, status, stderr } = spawnSync('mkfifo', paths, { env, encoding: 'utf8' });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new VarveError('usage', `mkfifo, by which varve and python3 come to speak with each other: ${why}`, {
    hints: ['It is part of coreutils. Where the system has no process to spare, type the command again.'],
  });
}

function openFifo(path: string): Ends {
  // Opened for both, a FIFO does not wait for its other end.
  const both = openSync(path, 'r+');
  const ends = { read: openSync(path, 'r'), write: openSync(path, 'w') };
  closeSync(both);
  return ends;
}

/** Reads an answer; undefined where none can come any more. */
function hearOver(from: number): () => string | undefined {
  const chunk = Buffer.alloc(65536);
  return () => {
    const parts: Buffer[] = [];
    for (;;) {
      const length = readSync(from, chunk);
      if (length === 0) return undefined;
      // In turns nothing follows an answer: its end is the end of what there is to read.
      if (chunk[length - 1] !== 10) {
        parts.push(Buffer.from(chunk.subarray(0, length)));
        continue;
      }
      const last = chunk.subarray(0, length - 1);
      return parts.length === 0 ? last.toString('utf8') : Buffer.concat([...parts, last]).toString('utf8');
    }
  };
}

/** False where nobody hears it. */
function sayOver(to: number, text: string): boolean {
  const bytes = Buffer.from(`${text}\n`);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(to, bytes, at);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}
