import type { World } from '../../ports/world.ts';
import { pickEnvironment } from '../../terms/pick-environment.ts';

/** Who commits and writes patches, as git knows the caller. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Asks git, where nothing but the caller's own settings counts; undefined where it does not know, or is not there. */
export function gitIdentity(world: World): GitIdentity | undefined {
  const names = ['PATH', 'HOME', 'GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'EMAIL', 'XDG_CONFIG_HOME'];
  const env = pickEnvironment(world.env, names);
  const asked = world.run('git', ['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT'], {
    env,
    cwd: '/',
  });
  const [, name, email] = /^(.+) <(.*)> /.exec(asked.stdout.toString('utf8')) ?? [];
  return asked.status === 0 && name !== undefined && email !== undefined ? { name, email } : undefined;
}
