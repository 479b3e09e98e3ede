import { taskEnvironment } from '../../execution/task/task-environment.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { hostToolsDir } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { type GitIdentity, gitIdentity } from './git-identity.ts';
import type { Say } from '../../terms/say.ts';

export interface ShellRequest {
  readonly buildDir: string;
  readonly rev: string;
  /** Empty: a shell, which reads what varve would. */
  readonly command: readonly string[];
  /** Keeps what the command prints, instead of letting it use the terminal. */
  readonly capture: boolean;
}

export interface ShellEnded {
  /** As a shell has it, also of a command that a signal ended. Of a shell that somebody types in: 0, however it was left. */
  readonly status: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface Running {
  readonly world: World;
  readonly metadata: Metadata;
  readonly recipe: LoadedRecipe;
  /** Whose environment it has; undefined: that of no task in particular. */
  readonly task: string | undefined;
}

/** Runs a shell or one command where the task worked, with its environment. */
export function runShell(
  { world, metadata, recipe, task }: Running,
  { command, capture }: Pick<ShellRequest, 'command' | 'capture'>,
  say: Say,
): ShellEnded {
  const { data, dirs } = recipe;
  world.fs.mkdirSync(dirs.t, { recursive: true });
  const env = taskEnvironment({
    data: task === undefined ? data : data.withTask(task),
    workdir: dirs.workdir,
    t: dirs.t,
    sysrootNative: dirs.sysrootNative,
    hostTools: hostToolsDir(metadata.places),
  });
  const cwd = [dirs.b, dirs.s, dirs.workdir].find((dir) => world.fs.existsSync(dir)) ?? dirs.workdir;
  const [program = world.env['SHELL'] ?? '/bin/sh', ...args] = command;
  if (command.length === 0)
    say(`in ${cwd}, with the environment of ${task ?? 'a task'} (PATH holds HOSTTOOLS only); "exit" leaves`);
  const terminal = world.env['TERM'] === undefined ? {} : { TERM: world.env['TERM'] };
  const result = world.run(program, args, {
    cwd,
    env: { ...withGitSettings(Object.fromEntries(env), gitIdentity(world)), ...terminal },
    inherit: !capture,
  });
  if (result.status === null && result.signal === null) {
    const said = result.stderr.toString('utf8');
    const why = said.endsWith(' ENOENT') ? 'there is no such program' : said;
    throw new VarveError('usage', `${program} cannot be started: ${why}`, {
      hints: ['a task finds only the programs that HOSTTOOLS lists'],
    });
  }
  const printed = capture
    ? { stdout: result.stdout.toString('utf8'), stderr: result.stderr.toString('utf8') }
    : {};
  const status = result.status ?? 128 + ((result.signal && world.signals[result.signal]) ?? 0);
  const isTypedIn = command.length === 0 && world.readsTerminal;
  return { status: isTypedIn ? 0 : status, ...printed };
}

/** What a repository in the sources would have git run at every command, or at many, is switched off. */
const GIT_SETTINGS = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['safe.bareRepository', 'explicit'],
] as const;

/** Adds settings to those that the metadata exports; HOME is the task's, so that git does not find who commits by itself. */
function withGitSettings(
  env: Readonly<Record<string, string>>,
  who: GitIdentity | undefined,
): Record<string, string> {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0);
  const identity = who === undefined ? [] : Object.entries(who).map(([key, value]) => [`user.${key}`, value]);
  const all = [...GIT_SETTINGS, ...identity];
  const settings = all.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${count + i}`, key],
    [`GIT_CONFIG_VALUE_${count + i}`, value],
  ]);
  return { ...env, ...Object.fromEntries(settings), GIT_CONFIG_COUNT: String(count + all.length) };
}
