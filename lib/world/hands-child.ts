/**
 * A small python3 that does what node cannot, or not cheaply: extended attributes, and starting tasks. A fork of varve
 * copies the tables of all its memory, which takes longer than most of what a task's end takes.
 */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { AttributeProgram } from '../ports/xattr-tools.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openLine, type Line } from './line-child.ts';
import { pythonCommand } from './pythons.ts';

/** What to start in a session of its own. */
export interface Start {
  /** A program by absolute path, with its arguments; or the words of walls.py. */
  readonly words: readonly string[];
  readonly isWalled: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** File that its output is appended to. */
  readonly log: string;
  /** Kills all of it when aborted. */
  readonly signal: AbortSignal;
}

/** Its exit status, or less than 0 for the signal that ended it; or why it could not be started. */
export type Ended = { readonly status: number } | { readonly fault: string };

export interface Hands extends AttributeProgram {
  /** Runs it to its end, and ends what it leaves behind; all of it dies with varve. */
  start(start: Start): Promise<Ended>;
}

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };

/** Undefined where the caller has no python3, or this is no Linux. It is started when it is first needed. */
export function findHands(path: string): Hands | undefined {
  const program = (name: string): readonly [string, ...string[]] | undefined =>
    process.platform === 'linux' ? pythonCommand(path, name) : undefined;
  const [hands, attributes] = [program('hands.py'), program('attributes.py')];
  if (hands === undefined || attributes === undefined) return undefined;
  let opened: Opened | undefined;
  const open = (): Opened => (opened ??= openHands(hands, () => (opened = undefined)));
  return {
    command: attributes,
    ask: (question) => {
      const answer = open().line.exchange(question);
      if (answer !== undefined) return answer;
      throw new VarveError('task', `${hands[0]}, which reads extended attributes, has ended`);
    },
    start: (start) => open().start(start),
  };
}

interface Opened extends Pick<Hands, 'start'> {
  readonly line: Line;
}

function openHands(command: readonly [string, ...string[]], onEnd: () => void): Opened {
  const line = openLine(command, {
    stdio: (questions, answers) => [questions, 'pipe', 'inherit', answers],
    env,
    detached: true,
  });
  const running = new Map<string, (ended: Ended) => void>();
  const finish = (name: string, ended: Ended): void => {
    running.get(name)?.(ended);
    running.delete(name);
    // varve does not stay for its sake.
    if (running.size === 0) line.stdout?.unref();
  };
  listen(
    line.stdout,
    (event) => {
      const [name = '', status = '', why = ''] = event.split(' ');
      const ended =
        status === '-' ? { fault: Buffer.from(why, 'base64').toString() } : { status: Number(status) };
      finish(name, ended);
    },
    () => {
      onEnd();
      const fault = `${command[0]}, which starts tasks, has ended`;
      for (const name of running.keys()) finish(name, { fault });
    },
  );
  let count = 0;
  const start: Hands['start'] = ({ words, isWalled, env: entries, log, signal }) => {
    const name = String((count += 1));
    const environment = Object.entries(entries).map(([key, value]) => `${key}=${value}`);
    const kind = isWalled ? 'enclose' : 'start';
    const order = [kind, name, environment.length, ...[log, ...words, ...environment].map(encoded)];
    return new Promise((resolve) => {
      const end = (): void => line.say(`end ${name}`);
      signal.addEventListener('abort', end, { once: true });
      running.set(name, (ended) => {
        signal.removeEventListener('abort', end);
        resolve(ended);
      });
      line.stdout?.ref();
      line.say(order.join(' '));
    });
  };
  return { line, start };
}

/** Hands over each line, and calls back when no more can come. */
function listen(from: Socket | undefined, onLine: (line: string) => void, onEnd: () => void): void {
  if (from === undefined) return;
  from.unref();
  createInterface({ input: from, crlfDelay: Infinity }).on('line', onLine).on('close', onEnd);
}

function encoded(word: string | number): string {
  return Buffer.from(String(word), 'utf8').toString('base64');
}
