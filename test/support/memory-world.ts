/** A world in memory: files on memfs, a clock that stands, output that is kept. */
import { memfs } from 'memfs';
import type { TaskRunner } from '../../lib/ports/task-runner.ts';
import type { FileSystem, Output, RunOptions, RunResult, World } from '../../lib/ports/world.ts';

export interface MemoryWorld extends World {
  /** What was written so far. */
  written(): { readonly stdout: string; readonly stderr: string };
}

export interface MemoryWorldOptions {
  /** Absolute path to content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What was typed after `varve`. */
  readonly words?: readonly string[];
  readonly now?: () => number;
  /** Answers programs that are run; without it each one is missing. */
  readonly run?: (program: string, args: readonly string[], options: RunOptions) => RunResult;
  /** Columns of the terminal; without it there is no terminal. */
  readonly columns?: number;
  readonly taskRunner?: () => TaskRunner;
}

// memfs asks at every access who runs it: a fifth of what whole builds in memory cost.
const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
process.getuid = () => user;
process.getgid = () => group;

/** The one cast that memfs needs: its types are wider than node's. */
export function memoryFileSystem(files: Readonly<Record<string, string>> = {}): FileSystem {
  const { fs } = memfs({ ...files });
  fs.mkdirSync('/tmp', { recursive: true });
  const whole = fs as unknown as FileSystem;
  // memfs removes what a link leads to, where node removes the link.
  const isLink = (path: string): boolean =>
    whole.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return {
    ...whole,
    rmSync: (path, options) => (isLink(String(path)) ? whole.unlinkSync(path) : whole.rmSync(path, options)),
  };
}

/** Makes a world in memory. */
export function memoryWorld(options: MemoryWorldOptions = {}): MemoryWorld {
  const stdout = memoryOutput(options.columns);
  const stderr = memoryOutput(options.columns);
  return {
    fs: memoryFileSystem(options.files),
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    words: options.words ?? [],
    readsTerminal: false,
    pid: 1,
    hostname: 'host',
    machine: 'x86_64',
    program: 'varve',
    signals: {},
    metaDir: '/varve/meta',
    cpus: 2,
    stdout,
    stderr,
    now: options.now ?? (() => 0),
    run: (program, args, runOptions = {}) =>
      options.run?.(program, args, runOptions) ?? missingProgram(program),
    runAsync: (program, args, runOptions = {}) =>
      Promise.resolve(options.run?.(program, args, runOptions) ?? missingProgram(program)),
    diskSpace: () => ({ bytes: Infinity, inodes: undefined }),
    startIdle: () => {},
    end: () => false,
    sync: () => {},
    spareMemory: () => {},
    packMemory: () => {},
    onInterrupt: () => () => {},
    atEnd: () => {},
    pause: () => {
      throw new Error('nobody else does anything in this world');
    },
    every: () => () => {},
    python: () => {
      throw new Error('there is no python in this world');
    },
    pythonLater: () => {
      throw new Error('there is no python in this world');
    },
    attributes: () => undefined,
    taskRunner:
      options.taskRunner ??
      (() => {
        throw new Error('there is no task runner in this world');
      }),
    written: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
  };
}

function memoryOutput(columns: number | undefined): Output & { text(): string } {
  const parts: Buffer[] = [];
  return {
    isTTY: columns !== undefined,
    columns: columns ?? 80,
    write: (text) => parts.push(Buffer.from(text as string)),
    drained: () => Promise.resolve(true),
    text: () => Buffer.concat(parts).toString('utf8'),
  };
}

function missingProgram(program: string): RunResult {
  return {
    status: null,
    signal: null,
    stdout: Buffer.alloc(0),
    stderr: Buffer.from(`spawn ${program} ENOENT`),
  };
}
