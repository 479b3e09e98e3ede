import type { RunResult } from '../ports/world.ts';
import { pickEnvironment } from '../terms/pick-environment.ts';
import { shellWord } from '../terms/shell-word.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** What a git of varve's may see of the caller's environment: the way to the network, and who one is there. */
const PASSED = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'SSH_AUTH_SOCK',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
];

/** Neither a repository nor a person's settings may make git run or change anything. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.autocrlf=false',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
];

export interface GitCall {
  readonly args: readonly string[];
  readonly uri: string;
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git to its end without blocking (for the network) and returns its output; its progress goes to the log. */
export async function runGit(context: SourceContext, call: GitCall): Promise<string> {
  const result = await context.world.runAsync('git', argumentsOf(call), {
    env: gitEnvironment(context, call),
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  return outputOf(context, call, result);
}

/** Runs git to its end and returns its output. */
export function runGitNow(context: SourceContext, call: GitCall): string {
  const env = gitEnvironment(context, call);
  return outputOf(
    context,
    call,
    context.world.run('/bin/sh', ['-c', 'umask 022 && exec git "$@"', 'git', ...argumentsOf(call)], { env }),
  );
}

/** What git answers, unless it fails or takes more than ten seconds: who asks can do without. */
export function gitAnswer({ world }: SourceContext, call: GitCall): string | undefined {
  const env = gitEnvironment({ world }, call);
  const { status, stdout } = world.run('git', argumentsOf(call), { env, patience: 10_000 });
  return status === 0 ? stdout.toString('utf8') : undefined;
}

/** Tells whether git ends well. */
export function gitAgrees(context: SourceContext, call: GitCall): boolean {
  return context.world.run('git', argumentsOf(call), { env: gitEnvironment(context, call) }).status === 0;
}

/**
 * How git asks the repository of a URL. One on this machine that is another user's git refuses, unless whoever builds has said
 * in their own settings that they trust it; of these settings only that one counts here.
 */
export function waysToAsk({ world }: SourceContext, url: string): readonly string[] {
  if (!url.startsWith('file:')) return [];
  const args = ['config', '--null', '--show-scope', '--get-all', 'safe.directory'];
  const { stdout } = world.run('git', args, { env: pickEnvironment(world.env, PASSED) });
  const words = stdout.toString('utf8').split('\0').slice(0, -1);
  const trusted = words.filter((_, i) => i % 2 === 1 && ['system', 'global'].includes(words[i - 1] ?? ''));
  if (trusted.length === 0) return [];
  const options = trusted.map((dir) => `-c ${shellWord(`safe.directory=${dir}`)}`).join(' ');
  return [`--upload-pack=git ${options} upload-pack`];
}

function argumentsOf(call: GitCall): readonly string[] {
  return [...SETTINGS.flatMap((setting) => ['-c', setting]), ...call.args];
}

function gitEnvironment(
  { world }: Pick<SourceContext, 'world'>,
  call: GitCall,
): Readonly<Record<string, string>> {
  return {
    ...pickEnvironment(world.env, PASSED),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...call.env,
  };
}

function outputOf(context: SourceContext, call: GitCall, result: RunResult): string {
  if (result.status === 0) return result.stdout.toString('utf8');
  const said = result.stderr.toString('utf8').trim();
  const isMissing = (result.status === null || result.status === 127) && /ENOENT|not found/.test(said);
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) context.log(`  ${line}`);
  const [, why] = /^fatal: (.*)$/m.exec(said) ?? [];
  throw sourceError(context, 'task', {
    message: `git ${call.args.find((word) => !word.startsWith('-'))} failed for "${call.uri}"${why === undefined ? '' : `: ${why}`}`,
    uri: call.uri,
    hints: isMissing ? [withoutGit] : hintsFor(said),
  });
}

const withoutGit = 'git:// sources need the program git, which is not in PATH: install it.';

function hintsFor(said: string): readonly string[] {
  const [, others] = /dubious ownership in repository at '(.*)'/.exec(said) ?? [];
  if (others === undefined) return [];
  return [
    `${others} belongs to another user, and git does not take from it what it has not been told to trust`,
    `git config --global --add safe.directory ${shellWord(others)}   tells it`,
  ];
}
