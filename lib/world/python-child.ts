/** A python3 beside varve, spoken to in turns over two FIFOs: who asks waits, as the language needs it. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerPython } from '../language/answer-python.ts';
import type { Python, PythonData, PythonResult } from '../ports/python.ts';
import { VarveError } from '../terms/varve-error.ts';
import { metaDir } from './meta-dir.ts';

export interface PythonChild extends Python {
  /** Ends it before varve ends. */
  close(): void;
}

const program = join(metaDir, 'python/serve.py');

const gone: PythonResult = {
  ok: false,
  failure: { type: 'PythonGone', message: 'python3 has ended, and answers nothing any more', frames: [] },
};

/**
 * Starts python3; a clear error where the machine has none. It ends with varve. `later`: its clock is a year on, so that
 * what hangs on the time comes out otherwise.
 */
export function startPython(path: string, later = false): PythonChild {
  const line = openLine(findPython(path), { PATH: path, ...(later ? { VARVE_LATER: '1' } : {}) });
  const ask = (message: object, data: PythonData | undefined): PythonResult => {
    let text = line.exchange(JSON.stringify(message));
    while (text !== undefined) {
      const answer = JSON.parse(text) as PythonResult | { readonly call: string };
      if ('ok' in answer) return answer;
      text = line.exchange(
        data === undefined ? '{"error":"there is no datastore here"}' : answerPython(data, text),
      );
    }
    return gone;
  };
  return {
    evaluate: (text, data) => ask({ op: 'evaluate', text }, data),
    define: (block) => ask({ op: 'define', ...block }, undefined),
    execute: (body, data) => ask({ op: 'execute', ...body }, data),
    fire: (event, data) => ask({ op: 'fire', ...event }, data),
    close: () => line.close(),
  };
}

/** The interpreter itself: what PATH has may be a script that chooses one. */
function findPython(path: string): string {
  const asked = spawnSync('python3', ['-I', '-S', '-c', 'import sys; print(sys.executable)'], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  const found = asked.status === 0 ? asked.stdout.trim() : '';
  if (found !== '') return found;
  throw new VarveError('metadata', 'this needs Python, and no python3 is in PATH', {
    hints: ['apt-get install python3', 'Recipes without Python of their own build without it.'],
  });
}

interface Line {
  /** Says a line and waits for the line that answers it; undefined once the other side has ended. */
  exchange(text: string): string | undefined;
  close(): void;
}

function openLine(python: string, environment: Readonly<Record<string, string>>): Line {
  const place = mkdtempSync(join(tmpdir(), 'varve-python-'));
  const [to, from] = [openFifo(join(place, 'to')), openFifo(join(place, 'from'))];
  rmSync(place, { recursive: true });
  // What Python thinks of the style of an expression is not for who builds.
  const child = spawn(python, ['-s', '-B', '-W', 'ignore', program], {
    stdio: ['ignore', 'ignore', 'inherit', to.read, from.write],
    // What the caller's environment holds is not metadata, and the order of a set is the same each time.
    env: { ...environment, HOME: process.env['HOME'], LC_ALL: 'C.UTF-8', PYTHONHASHSEED: '0' },
  });
  // That it cannot be started shows as the end of the line.
  child.on('error', () => {});
  child.unref();
  // Held by the child alone, the ends tell each side when the other has gone.
  closeSync(to.read);
  closeSync(from.write);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exchange = exchangeOver(to.write, from.read);
  let closed = false;
  return {
    exchange: (text) => (closed ? undefined : exchange(text)),
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

/** Both ends of a new FIFO. A pipe of `spawn` would not do: nobody can wait at it. */
function openFifo(path: string): { readonly read: number; readonly write: number } {
  spawnSync('mkfifo', [path]);
  // Opened for both, a FIFO does not wait for its other end.
  const both = openSync(path, 'r+');
  const ends = { read: openSync(path, 'r'), write: openSync(path, 'w') };
  closeSync(both);
  return ends;
}

function exchangeOver(out: number, into: number): Line['exchange'] {
  const chunk = Buffer.alloc(65536);
  const receive = (): string | undefined => {
    const parts: Buffer[] = [];
    for (;;) {
      const length = readSync(into, chunk);
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
  return (text) => {
    try {
      writeAll(out, Buffer.from(`${text}\n`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return undefined;
      throw error;
    }
    return receive();
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
