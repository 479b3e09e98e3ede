/** The world as it is: node's file system, clock, processes and terminal. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once as emission } from 'node:events';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, constants, hostname, machine } from 'node:os';
import { dirname } from 'node:path';
import { isatty } from 'node:tty';
import { setFlagsFromString } from 'node:v8';
import type { Output, RunOptions, RunResult, World } from '../ports/world.ts';
import { once } from '../terms/once.ts';
import { version } from '../terms/version.ts';
import { currentDirectory } from './current-directory.ts';
import { findHands } from './hands-child.ts';
import { createLocalTaskRunner } from './local-task-runner.ts';
import { metaDir } from './meta-dir.ts';
import { nodeFiles } from './node-files.ts';
import { placedFiles } from './placed-files.ts';
import { startPython } from './python-child.ts';
import { runAsync } from './run-async.ts';
import { typedWords } from './typed-words.ts';

/** Output of a tool that is kept in memory at most; more is a fault of the tool. */
const OUTPUT_LIMIT = 1 << 30;

/** Opens the real world. Ask for it once, at the start of the program. */
export function createWorld(): World {
  return {
    fs: placedFiles(nodeFiles),
    env: { ...process.env },
    cwd: currentDirectory,
    words: typedWords(),
    readsTerminal: isatty(0),
    pid: process.pid,
    hostname: hostname(),
    machine: machine(),
    cpus: availableParallelism(),
    signals: constants.signals,
    get program() {
      return programId();
    },
    metaDir,
    stdout: stdout(),
    stderr: stderr(),
    now: () => Date.now(),
    run: runProgram,
    runAsync,
    diskSpace,
    startIdle,
    end,
    // Node has no call for it; where coreutils is missing, the kernel writes in its own time.
    sync: (path) => void runProgram('sync', ['-f', path], { env: { PATH: process.env['PATH'] ?? '' } }),
    spareMemory,
    packMemory,
    onInterrupt,
    atEnd,
    pause: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds).unref();
      return () => clearInterval(timer);
    },
    python: once(() => startPython(process.env['PATH'] ?? '')),
    pythonLater: once(() => startPython(process.env['PATH'] ?? '', true)),
    attributes: hands,
    taskRunner: once(() => createLocalTaskRunner({ path: process.env['PATH'] ?? '', hands: hands() })),
  };
}

function startIdle(args: readonly string[]): void {
  const [program = ''] = process.argv.slice(1);
  const child = spawn('nice', ['-n', '19', process.execPath, program, ...args], {
    detached: true,
    stdio: 'ignore',
  });
  // Without the program nothing is tidied up in the background; nobody waits for it.
  child.on('error', () => {});
  child.unref();
}

function end(pid: number): boolean {
  try {
    return process.kill(pid);
  } catch {
    return false;
  }
}

/**
 * Left to itself, V8 lets garbage grow to several times what is alive on a machine with much memory. Young objects then have
 * the room that they have by now, and where work lasts the old ones are looked through when half as many again have come.
 */
function spareMemory(work: 'brief' | 'lasting'): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  if (work === 'lasting') setFlagsFromString('--heap-growing-percent=50');
}

/**
 * The old ones are then looked through when a fifth as many again have come, and pages that are partly free are emptied
 * where a fifth of them is, instead of seven tenths.
 */
const packMemory = once(() => {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--optimize-for-size');
});

function diskSpace(path: string): ReturnType<World['diskSpace']> {
  if (!existsSync(path) && path !== dirname(path)) return diskSpace(dirname(path));
  const { bavail, bsize, files, ffree } = statfsSync(path);
  return { bytes: bavail * bsize, inodes: files === 0 ? undefined : ffree };
}

/** There is one of each, however many worlds are opened on it. */
const hands = once(() => findHands(process.env['PATH'] ?? ''));
const stdout = once(() => outputTo(process.stdout));
const stderr = once(() => outputTo(process.stderr));

/** The version, and a checksum of the compiled program where this is one. */
function programId(): string {
  const file = new URL('../program-id', import.meta.url);
  return existsSync(file) ? `${version} ${readFileSync(file, 'utf8').trim()}` : version;
}

/** A stream that goes quiet, and breaks nothing, when its reader has gone (`varve log | head`). */
function outputTo(stream: NodeJS.WriteStream): Output {
  let readerIsGone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    readerIsGone = true;
  });
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    write: (text) => {
      if (!readerIsGone) stream.write(text);
    },
    drained: async () => {
      if (stream.writableNeedDrain && !readerIsGone) await emission(stream, 'drain').catch(() => {});
      return !readerIsGone;
    },
  };
}

function runProgram(program: string, args: readonly string[], options: RunOptions = {}): RunResult {
  // Ctrl-C reaches the program too; its end tells us, and we still tidy up after it.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  try {
    return toResult(
      spawnSync(program, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...options.env },
        ...(options.input === undefined ? {} : { input: options.input }),
        stdio:
          options.inherit === true
            ? [options.input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit']
            : 'pipe',
        ...(options.patience === undefined ? {} : { timeout: options.patience }),
        maxBuffer: OUTPUT_LIMIT,
      }),
    );
  } finally {
    process.off('SIGINT', ignore);
  }
}

function toResult(result: SpawnSyncReturns<Buffer | null>): RunResult {
  const empty = Buffer.alloc(0);
  const said = result.stderr ?? empty;
  return {
    status: result.error === undefined ? result.status : null,
    signal: result.signal,
    stdout: result.stdout ?? empty,
    stderr: result.error === undefined ? said : Buffer.concat([said, Buffer.from(result.error.message)]),
  };
}

/** One listener for all: node warns of more than ten. */
const endings: (() => void)[] = [];

function atEnd(work: () => void): void {
  if (endings.length === 0) process.on('exit', () => endings.forEach((ending) => ending()));
  endings.push(work);
}

function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
