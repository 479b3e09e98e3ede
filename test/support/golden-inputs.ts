import { spawnSync } from 'node:child_process';
import { machine } from 'node:os';
import { join } from 'node:path';

/**
 * What goes into the signatures of a build's tasks: a line for each input, below it the tasks that have it. Left out is what
 * another machine has otherwise: its tools, and the ids of what they made.
 */
export function goldenInputs(buildDir: string, build: number): string {
  const git = (...args: string[]): string => {
    const repository = join(buildDir, 'history/builds.git');
    const ran = spawnSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (ran.status !== 0) throw new Error(ran.stderr);
    return ran.stdout;
  };
  const tasks = new Map<string, Map<string, string[]>>();
  for (const path of git('ls-tree', '-r', '--name-only', String(build)).trim().split('\n')) {
    const [, recipe, task] = /^[^/]+\/([^/]+)\/inputs\/do_(.+)$/.exec(path) ?? [];
    if (recipe === undefined || task === undefined) continue;
    const inputs = git('show', `${build}:${path}`).trimEnd().split('\n');
    for (const line of inputs.flatMap(anywhere)) {
      const users = tasks.get(line) ?? new Map<string, string[]>();
      users.set(recipe, [...(users.get(recipe) ?? []), task]);
      tasks.set(line, users);
    }
  }
  return [...tasks]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([line, users]) =>
      [line, ...[...users].map(([recipe, names]) => `    ${recipe}: ${names.join(' ')}`), ''].join('\n'),
    )
    .join('');
}

/** An input without its origin, and without what only this machine says. */
function anywhere(line: string): readonly string[] {
  const [, kind = '', name = '', value = ''] =
    /^(\w+) ("(?:[^"\\]|\\.)*") = ("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  if (kind === 'hosttool') return [];
  return [
    kind === 'artifact' || kind === 'after'
      ? `${kind} ${name}`
      : `${kind} ${name} = ${value.replaceAll(machine(), '@MACHINE@')}`,
  ];
}
