/** Runs tasks on this machine: behind walls that the kernel keeps, where it gives them, else as plain processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { TaskOutcome, TaskRequest, TaskRunner } from '../ports/task-runner.ts';
import type { Ended, Hands } from './hands-child.ts';
import { probeNamespaces, wallWords, type Probed } from './task-namespaces.ts';

export interface LocalRunnerOptions {
  /** The caller's PATH: python3 is looked for there. */
  readonly path: string;
  /** Leaves namespaces alone. */
  readonly plain?: boolean;
  /** What starts them at less cost. */
  readonly hands?: Hands | undefined;
}

/** Opens the runner. What the machine gives is tried out when that is first asked, once. */
export function createLocalTaskRunner(options: LocalRunnerOptions): TaskRunner {
  let probed: Probed | undefined;
  const probe = (): Probed => (probed ??= look(options));
  return {
    get kind() {
      return probe().ok ? 'namespaces' : 'plain';
    },
    get why() {
      const result = probe();
      return result.ok ? undefined : result.why;
    },
    run: (request) => runTask(request, probe(), options.hands).catch(notStarted),
  };
}

function look(options: LocalRunnerOptions): Probed {
  if (options.plain === true) return { ok: false, why: 'it was asked for' };
  if (process.platform !== 'linux') return { ok: false, why: `${process.platform} has none` };
  return probeNamespaces(options.path);
}

async function runTask(request: TaskRequest, probed: Probed, hands: Hands | undefined): Promise<TaskOutcome> {
  if (request.signal.aborted) return { exitCode: null, signal: 'SIGKILL' };
  const log = openSync(request.log, 'a');
  const walls = {
    writable: [request.workdir, ...request.writable],
    readOnly: request.readOnly ?? [],
    instead: request.instead ?? [],
  };
  try {
    const words = probed.ok ? wallWords(probed.namespaces, walls, request) : plainly(request);
    if (hands !== undefined && request.answer === undefined) {
      const { env, signal } = request;
      return outcomeOfEnd(await hands.start({ words, isWalled: probed.ok, env, signal, log: opened(log) }));
    }
    const [program, ...args] = probed.ok ? [...probed.namespaces.command, ...words] : words;
    const bridge = request.answer === undefined ? 'ignore' : 'pipe';
    const child = spawn(program, args, {
      cwd: '/',
      env: request.env,
      // Its own process group, so that Ctrl-C reaches varve alone and all of the task can be ended at once.
      detached: true,
      stdio: ['ignore', log, log, bridge, bridge, ...(probed.ok ? [] : (['pipe'] as const))],
    });
    if (request.answer !== undefined) answerRequests(child, request.answer);
    return await ended(child, request.signal);
  } finally {
    closeSync(log);
  }
}

/** What names an open file of varve's to another process. */
function opened(descriptor: number): string {
  return `/proc/${process.pid}/fd/${descriptor}`;
}

function outcomeOfEnd(ended: Ended): TaskOutcome {
  if ('fault' in ended) return { exitCode: null, signal: null, fault: ended.fault };
  if (ended.status >= 0) return outcomeOf(ended.status, null);
  return { exitCode: null, signal: signalOf(-ended.status) ?? `signal ${-ended.status}` };
}

/** A log or WORKDIR that cannot be opened stops this task, not varve. */
function notStarted(error: unknown): TaskOutcome {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return { exitCode: null, signal: null, fault: error.message };
}

/** Ends the task and its processes when varve is gone, however that came about: then descriptor 5 comes to its end. */
const watch = '( ( read -r _ <&5; kill -KILL 0 ) > /dev/null 2>&1 & ); exec 5<&-';

function plainly(request: TaskRequest): [string, ...string[]] {
  const script = `${watch}; cd "$1" || exit 125; umask "$2"; shift 2; unset PWD OLDPWD; exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', request.cwd, request.umask.toString(8), ...request.command];
}

/** Waits for the task's end, then ends whatever it left behind in its process group. */
function ended(child: ChildProcess, signal: AbortSignal): Promise<TaskOutcome> {
  return new Promise((resolve) => {
    const killAll = (): void => killGroup(child.pid);
    const finish = (outcome: TaskOutcome): void => {
      signal.removeEventListener('abort', killAll);
      killAll();
      for (const stream of child.stdio) stream?.destroy();
      resolve(outcome);
    };
    signal.addEventListener('abort', killAll, { once: true });
    child.once('error', (error) => finish({ exitCode: null, signal: null, fault: error.message }));
    child.once('exit', (code, name) => finish(outcomeOf(code, name)));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left in the group.
  }
}

/** A shell reports the signal that ended its program as 128 and the signal's number: both are told. */
function outcomeOf(code: number | null, name: NodeJS.Signals | null): TaskOutcome {
  if (code === null || name !== null) return { exitCode: null, signal: name };
  return { exitCode: code, signal: signalOf(code - 128) ?? null };
}

function signalOf(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}

/** A line on the task's descriptor 3 is a request; its answer is a line on descriptor 4. */
function answerRequests(child: ChildProcess, answer: (request: string) => string): void {
  const requests = child.stdio[3] as Readable | null | undefined;
  const answers = child.stdio[4] as Writable | null | undefined;
  if (!requests || !answers) return;
  // The task may end without reading its last answer.
  answers.on('error', () => {});
  requests.on('error', () => {});
  createInterface({ input: requests, crlfDelay: Infinity }).on('line', (line) =>
    answers.write(`${answer(line)}\n`),
  );
}
