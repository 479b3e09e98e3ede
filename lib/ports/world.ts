/** Everything outside the program: the only way to files, clock, processes and the terminal. */
import type * as NodeFs from 'node:fs';
import type { Python } from './python.ts';
import type { TaskRunner } from './task-runner.ts';
import type { AttributeProgram } from './xattr-tools.ts';

/**
 * The synchronous part of node:fs that varve uses; memfs has the same. Synchronous, because on the
 * paths that matter (snapshots, restores) promises cost five to eight times as much.
 */
export type FileSystem = Pick<
  typeof NodeFs,
  | 'existsSync'
  | 'readFileSync'
  | 'writeFileSync'
  | 'appendFileSync'
  | 'mkdirSync'
  | 'rmdirSync'
  | 'rmSync'
  | 'readdirSync'
  | 'lstatSync'
  | 'statSync'
  | 'readlinkSync'
  | 'symlinkSync'
  | 'linkSync'
  | 'unlinkSync'
  | 'renameSync'
  | 'chmodSync'
  | 'utimesSync'
  | 'lutimesSync'
  | 'openSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'fstatSync'
  | 'futimesSync'
  | 'realpathSync'
  | 'mkdtempSync'
  | 'copyFileSync'
  | 'accessSync'
>;

/** A program run to its end, output kept in memory (for tools, not for tasks). */
export interface RunResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; nothing of the caller's is added. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  /** Let the program use the terminal itself; with `input`, all but its stdin. */
  readonly inherit?: boolean;
  /** Milliseconds after which the program is ended. */
  readonly patience?: number;
}

/** How a program runs that the rest of varve does not wait for. */
export interface RunAsyncOptions extends Omit<RunOptions, 'inherit' | 'patience'> {
  /** Kills the program and what it started when aborted. */
  readonly signal?: AbortSignal;
  /** Receives stdout and stderr as they come; they are in the result too. */
  readonly onOutput?: (text: Buffer) => void;
}

export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string | Uint8Array): void;
  /** Waits until what was written need not be kept any more; false where nobody reads on. */
  drained(): Promise<boolean>;
}

export interface World {
  readonly fs: FileSystem;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What was typed after `varve`. */
  readonly words: readonly string[];
  /** What varve and the programs that it runs read comes from a terminal. */
  readonly readsTerminal: boolean;
  readonly pid: number;
  readonly hostname: string;
  /** As `uname -m` says: `x86_64`. */
  readonly machine: string;
  readonly cpus: number;
  /** The kernel's numbers of signals. */
  readonly signals: Readonly<Partial<Record<NodeJS.Signals, number>>>;
  /** Which varve this is: another one may find out other things from the same files. */
  readonly program: string;
  /** The metadata and Python modules that come with varve. */
  readonly metaDir: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs a program to its end; a program that cannot be started has status null and the reason on stderr. */
  run(program: string, args: readonly string[], options?: RunOptions): RunResult;
  /** Runs a program without blocking; never rejects: what `run` says of a failed start holds here too. */
  runAsync(program: string, args: readonly string[], options?: RunAsyncOptions): Promise<RunResult>;
  /**
   * What is left for others than root where `path` is, or will be; undefined: as many as there is room for. Bytes, and
   * files.
   */
  diskSpace(path: string): { readonly bytes: number; readonly inodes: number | undefined };
  /** Starts varve once more, with these words, in the background and with the lowest priority; it outlives this run. */
  startIdle(args: readonly string[]): void;
  /** Asks a process of this machine to end; false where there is none, or it is another user's. */
  end(pid: number): boolean;
  /** Waits until all that was written on the file system of `path` is on the disk. */
  sync(path: string): void;
  /** From now on memory counts for more than the last of speed; for more yet where work may take hours beside others. */
  spareMemory(work: 'brief' | 'lasting'): void;
  /** From now on memory counts for more still, and what is kept moves together: little is made anew from here on. */
  packMemory(): void;
  /** Calls back on SIGINT and SIGTERM; the answer undoes it. */
  onInterrupt(listener: () => void): () => void;
  /** Does nothing for so long, without letting anything else be done. */
  pause(milliseconds: number): void;
  /** Calls back when the program ends, unless it is killed. */
  atEnd(work: () => void): void;
  /** Calls back again and again, without keeping the program alive; the answer ends it. */
  every(milliseconds: number, tick: () => void): () => void;
  /** The python3 of this run: one, started when it is first asked something. */
  readonly python: () => Python;
  /** Another one, which knows nothing of the first and whose clock is a year on: for a second look at metadata. */
  readonly pythonLater: () => Python;
  /** What reads and sets extended attributes; undefined where there is no python3. */
  readonly attributes: () => AttributeProgram | undefined;
  /** What runs tasks here. */
  readonly taskRunner: () => TaskRunner;
}
