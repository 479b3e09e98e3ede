/** What the kernel's namespaces can do for a task on this machine, and the command line that puts it into them. */
import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { memoryDir } from './memory-dir.ts';
import { mountTable, readMounts, type Mount, type Walls } from './mount-table.ts';

/** The programs of util-linux that make namespaces, by absolute path. */
interface Tools {
  readonly unshare: string;
  readonly mount: string;
  readonly setpriv: string;
}

export interface Namespaces {
  readonly tools: Tools;
  /** Options of unshare for every task; `--net` and `--ipc` are added where a task asks for them. */
  readonly unshare: readonly string[];
  /** Options of setpriv that take away the power by which the walls were made. */
  readonly drop: readonly string[];
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

const keepUser = ['--user', '--map-current-user', '--keep-caps'];
const ownProcesses = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const dropAll = ['--bounding-set', '-all', '--inh-caps', '-all', '--ambient-caps', '-all'];
// Root stays root over files, as it is without namespaces, but cannot undo its walls or reach the machine.
const machine = '-sys_admin,-sys_module,-sys_rawio,-sys_boot,-sys_time,-net_admin,-mknod';
const dropMachine = ['--bounding-set', machine, '--inh-caps', machine];

/** Finds out, in a short run for each kind until one holds, which namespaces this machine gives. */
export function probeNamespaces(path: string): Probed {
  const tools = findTools(path);
  if (typeof tools === 'string') return { ok: false, why: `${tools} is not installed` };
  const mounts = readMounts();
  const users = process.getuid?.() === 0 ? [[], keepUser] : [keepUser];
  let why = '';
  for (const processes of [ownProcesses, []]) {
    for (const user of users) {
      const unshare = [...user, '--mount', ...processes];
      const namespaces = { tools, unshare, drop: user.length === 0 ? dropMachine : dropAll, mounts };
      const failure = tryOut(namespaces);
      if (failure === undefined) return { ok: true, namespaces };
      why ||= failure;
    }
  }
  return { ok: false, why };
}

/** Composes the command line that runs a task behind its walls; {@link openTable} is its standard input. */
export function enterNamespaces({ tools, unshare, drop }: Namespaces, task: Entering): [string, ...string[]] {
  const own = [...(task.network ? [] : ['--net']), ...(task.ownQueues === true ? ['--ipc'] : [])];
  const inside = [
    tools.mount,
    task.cwd,
    task.umask.toString(8),
    tools.setpriv,
    ...drop,
    '--',
    ...task.command,
  ];
  return [
    tools.setpriv,
    '--pdeathsig',
    'KILL',
    tools.unshare,
    ...unshare,
    ...own,
    '/bin/sh',
    '-c',
    script,
    'sh',
    ...inside,
  ];
}

/**
 * Opens the table of a task's walls for reading. mount takes it from a file only, not from a pipe: so it gets a
 * file that has no name any more. The caller closes it.
 */
export function openTable(mounts: readonly Mount[], walls: Walls): number {
  const name = join(memoryDir(), `varve-mounts-${randomUUID()}`);
  const table = openSync(name, 'wx+', 0o600);
  unlinkSync(name);
  writeSync(table, mountTable(mounts, walls));
  return table;
}

/** Not `exec`: the first process of a pid namespace is deaf to signals, and a task may well send itself one. */
const script = `"$1" -c -a -T /dev/stdin || { echo "varve: the walls around the task could not be made"; exit 125; }
cd "$2" || exit 125
umask "$3"
shift 3
unset PWD OLDPWD
"$@" </dev/null
exit $?`;

function findTools(path: string): Tools | string {
  const found = new Map<string, string>();
  for (const name of ['unshare', 'mount', 'setpriv']) {
    const directory = [...path.split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].find(
      (candidate) => {
        return candidate.startsWith('/') && isProgram(join(candidate, name));
      },
    );
    if (directory === undefined) return name;
    found.set(name, join(directory, name));
  }
  const program = (name: string): string => found.get(name) ?? name;
  return { unshare: program('unshare'), mount: program('mount'), setpriv: program('setpriv') };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a test behind the walls; answers what is wrong with them. */
function tryOut(namespaces: Namespaces): string | undefined {
  const command = ['/bin/sh', '-c', '[ ! -w / ] && [ ! -w /var ] && [ -w /tmp ] && : >/dev/null'];
  const [program, ...args] = enterNamespaces(namespaces, { command, cwd: '/', umask: 0o22, network: false });
  const table = openTable(namespaces.mounts, { writable: [], readOnly: [] });
  try {
    const result = spawnSync(program, args, { env: {}, encoding: 'utf8', stdio: [table, 'pipe', 'pipe'] });
    if (result.status === 0) return undefined;
    const said = `${result.stderr ?? ''}\n${result.stdout ?? ''}`
      .split('\n')
      .find((line) => line.trim() !== '');
    return said ?? 'the walls around a task do not hold';
  } finally {
    closeSync(table);
  }
}
