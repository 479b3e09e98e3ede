/** What the kernel's namespaces can do for a task on this machine, and what walls.py is to be told of one. */
import { spawnSync } from 'node:child_process';
import { pythonCommand } from './pythons.ts';
import { readMounts, wallMounts, type Mount, type Walls } from './wall-mounts.ts';

export interface Namespaces {
  /** Makes the walls for one task, with the words of {@link wallWords} as its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What a task has of its own besides mounts: `user` and `pid`; more where it asks for it. */
  readonly kinds: readonly string[];
  readonly mounts: readonly Mount[];
}

export type Probed =
  | { readonly ok: true; readonly namespaces: Namespaces }
  | { readonly ok: false; readonly why: string };

export interface Entering {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly umask: number;
  readonly network: boolean;
  readonly ownQueues?: boolean;
}

/** Finds out, in a short run for each kind until one holds, which namespaces this machine gives. */
export function probeNamespaces(path: string): Probed {
  const command = pythonCommand(path, 'walls.py');
  if (command === undefined) return { ok: false, why: 'python3 is not installed' };
  const mounts = readMounts();
  const users = process.getuid?.() === 0 ? [[], ['user']] : [['user']];
  let why = '';
  for (const processes of [['pid'], []]) {
    for (const user of users) {
      const namespaces = { command, kinds: [...user, ...processes], mounts };
      const failure = tryOut(namespaces);
      if (failure === undefined) return { ok: true, namespaces };
      why ||= failure;
    }
  }
  return { ok: false, why };
}

/** Writes what walls.py is told, by its argument list or by an order to hands.py. */
export function wallWords(
  { kinds, mounts }: Namespaces,
  walls: Walls,
  task: Entering,
): [string, ...string[]] {
  const own = [...(task.network ? [] : ['net']), ...(task.ownQueues === true ? ['ipc'] : [])];
  const calls = wallMounts(mounts, walls);
  return [
    [...kinds, ...own].join(','),
    task.umask.toString(8),
    task.cwd,
    String(calls.length),
    ...calls.flatMap(({ flags, source, target }) => [flags.join(','), source, target]),
    ...task.command,
  ];
}

/** Runs a test behind the walls; answers what is wrong with them. */
function tryOut(namespaces: Namespaces): string | undefined {
  const command = ['/bin/sh', '-c', '[ ! -w / ] && [ ! -w /var ] && [ -w /tmp ] && : >/dev/null'];
  const task = { command, cwd: '/', umask: 0o22, network: false };
  const [program, ...args] = namespaces.command;
  const words = wallWords(namespaces, { writable: [], readOnly: [] }, task);
  const result = spawnSync(program, [...args, ...words], { env: {}, encoding: 'utf8' });
  if (result.status === 0) return undefined;
  const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`
    .split('\n')
    .findLast((line) => line.trim() !== '');
  return said ?? 'the walls around a task do not hold';
}
