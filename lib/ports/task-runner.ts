/** Runs one prepared task somewhere: here in a shell, in namespaces, later on another machine. */

export interface TaskRequest {
  /** The WORKDIR: the only place the task may write. */
  readonly workdir: string;
  /** Directory that the program starts in. */
  readonly cwd: string;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** The whole environment of the task. */
  readonly env: Readonly<Record<string, string>>;
  /** File that receives stdout and stderr; appended to. */
  readonly log: string;
  /** Further directories it may write (DL_DIR for do_fetch). */
  readonly writable: readonly string[];
  /** Directories closed to it although they may lie below /tmp: the build directory, the layers. */
  readonly readOnly?: readonly string[];
  /** Files that it finds in place of the machine's; only where there are namespaces. */
  readonly instead?: readonly Instead[] | undefined;
  readonly network: boolean;
  readonly umask: number;
  /** It has message queues of its own: fakeroot, killed with its task, would leave them behind. */
  readonly ownQueues?: boolean;
  /** Kills the task's processes when aborted. */
  readonly signal: AbortSignal;
  /** Answers a request that the task's Python child makes on its descriptors 3 (out) and 4 (in). */
  readonly answer?: (request: string) => string;
}

/** One file in place of another. */
export interface Instead {
  readonly of: string;
  readonly file: string;
}

export interface TaskOutcome {
  /** Exit status; null where a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, or that its shell reports as 128 and more; then exitCode is given too. */
  readonly signal: string | null;
  /** Why it could not even be started. */
  readonly fault?: string;
}

export interface TaskRunner {
  /** `namespaces` where the kernel keeps tasks to their own place, else `plain`. */
  readonly kind: 'namespaces' | 'plain';
  /** Why not `namespaces`, where that is so. */
  readonly why?: string | undefined;
  run(request: TaskRequest): Promise<TaskOutcome>;
}
