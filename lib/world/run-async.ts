import { spawn, type ChildProcess } from 'node:child_process';
import type { RunAsyncOptions, RunResult } from '../ports/world.ts';

/** Milliseconds that a program has to tidy up after SIGTERM, before SIGKILL. */
const GRACE = 3000;

/** Runs a program without blocking, in a process group of its own, so that all of it can be ended. */
export function runAsync(
  program: string,
  args: readonly string[],
  options: RunAsyncOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const keep = (kept: Buffer[]) => (text: Buffer) => {
      kept.push(text);
      options.onOutput?.(text);
    };
    child.stdout.on('data', keep(stdout));
    child.stderr.on('data', keep(stderr));
    // A program that reads no input closes it; that is no failure.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
    const release = endWith(child, options.signal);
    const finish = (status: number | null, signal: NodeJS.Signals | null): void => {
      release();
      resolve({ status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    };
    child.on('error', (error) => {
      stderr.push(Buffer.from(error.message));
      finish(null, null);
    });
    child.on('close', finish);
  });
}

/** Ends the child's process group when the signal says so; the answer undoes it. */
function endWith(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  if (signal === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const kill = (how: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, how);
    } catch {
      // It has ended by itself.
    }
  };
  const abort = (): void => {
    kill('SIGTERM');
    timer = setTimeout(() => kill('SIGKILL'), GRACE);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  };
}
