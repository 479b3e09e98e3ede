/** The commits of somebody's git repository, which is only read. */
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Ends } from './commit-walk.ts';

export interface GitCommit {
  /** The whole id. */
  readonly commit: string;
  readonly subject: string;
  /** `Name <address>` */
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
}

export interface CommitHistory {
  /** The repository: of a layer its topmost directory. */
  readonly dir: string;
  /** The id of the commit that a person means; undefined where there is none. */
  resolve(spoken: string): string | undefined;
  /** The commits from one to a later one, both included, oldest first; of a merge, the line that it was made on. */
  between(from: string, to: string): readonly GitCommit[];
  /** The lines that a merge brought in, each from where it left the one that it was merged into; none of another commit. */
  merged(commit: string): readonly Ends[];
}

/** Opens the repository at a directory; nothing in it and nothing in a person's settings makes git run anything. */
export function openCommitHistory(world: World, dir: string): CommitHistory {
  const git = (...args: readonly string[]): string | undefined => gitSays(world, ['-C', dir, ...args]);
  return {
    dir,
    resolve: (spoken) =>
      git('rev-parse', '--verify', '--quiet', '--end-of-options', `${spoken}^{commit}`)?.trim(),
    between(from, to) {
      if (git('merge-base', '--is-ancestor', from, to) === undefined) throw notBefore(dir, from, to);
      const format = '--format=%H%x00%an <%ae>%x00%aI%x00%s';
      const first = git('log', '--no-walk', format, from) ?? '';
      const rest = git('log', '--first-parent', '--reverse', format, `${from}..${to}`) ?? '';
      return [...first.split('\n'), ...rest.split('\n')].filter((line) => line !== '').map(readCommit);
    },
    merged(commit) {
      const listed = git('rev-list', '--parents', '--max-count=1', commit) ?? '';
      const [, onto = '', ...tips] = listed.trim().split(' ');
      return tips.flatMap((tip): readonly Ends[] => {
        const base = git('merge-base', onto, tip)?.trim();
        return base === undefined || base === tip ? [] : [{ good: base, bad: tip }];
      });
    },
  };
}

function readCommit(line: string): GitCommit {
  const [commit = '', author = '', date = '', subject = ''] = line.split('\0');
  return { commit, subject, author, date };
}

function notBefore(dir: string, from: string, to: string): VarveError {
  const [good, bad] = [shortId(from), shortId(to)];
  return new VarveError(
    'usage',
    `in ${dir} the good commit ${good} is not one that the bad one, ${bad}, stands on`,
    {
      hints: [
        `git -C ${dir} merge-base ${good} ${bad}   names the one where their ways part`,
        'to find what mended something, turn the command round: -- sh -c "! COMMAND"',
      ],
    },
  );
}

/** A commit as people write it. */
export const shortId = (commit: string): string => commit.slice(0, 12);

/** What git answers; undefined where it fails, or where there is no git. */
export function gitSays(world: World, args: readonly string[]): string | undefined {
  // Nothing of the caller's that would lead git elsewhere (GIT_DIR) comes along.
  const env = { PATH: world.env['PATH'] ?? '', HOME: world.env['HOME'] ?? '/', LC_ALL: 'C' };
  const settings = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'advice.detachedHead=false'];
  const { status, stdout } = world.run('git', [...settings.flatMap((each) => ['-c', each]), ...args], {
    env,
  });
  return status === 0 ? stdout.toString('utf8') : undefined;
}
