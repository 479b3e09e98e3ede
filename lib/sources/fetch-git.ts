import { join } from 'node:path';
import { withDownloadLock } from './download-lock.ts';
import { gitMirrorPath } from './git-mirror-path.ts';
import { gitRevision, gitUrl } from './git-revision.ts';
import { mirrorUris } from './mirror-uris.ts';
import { isYes, type GitUri } from './parse-src-uri.ts';
import { gitAgrees, runGit, waysToAsk } from './run-git.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** Brings the revision that the recipe demands into the mirror in DL_DIR, unless it is there. */
export async function fetchGit(context: SourceContext, uri: GitUri): Promise<void> {
  const mirror = gitMirrorPath(context, uri);
  const revision = gitRevision(context, uri);
  if (hasRevision(context, uri, revision)) return;
  if (context.offline) {
    throw sourceError(context, 'task', {
      message: `revision ${revision} of "${uri.text}" is not in ${mirror}, and the build is offline`,
      uri: uri.text,
      hints: ['Build once without --offline.'],
    });
  }
  await withDownloadLock(context, mirror, async () => {
    await updateMirror(context, uri, mirror);
    if (!hasCommit(context, uri, revision)) await fetchCommit(context, uri, revision);
  });
  checkRevision(context, uri, revision);
}

/** Brings branches and tags as they are now into the mirror in DL_DIR. */
export async function fetchBranches(context: SourceContext, uri: GitUri): Promise<void> {
  const mirror = gitMirrorPath(context, uri);
  await withDownloadLock(context, mirror, () => updateMirror(context, uri, mirror));
}

async function updateMirror(context: SourceContext, uri: GitUri, mirror: string): Promise<void> {
  if (!context.world.fs.existsSync(join(mirror, 'HEAD')))
    await runGit(context, { args: ['init', '--quiet', '--bare', mirror], uri: uri.text });
  const url = gitUrl(uri);
  const elsewhere = (pairs: string): readonly string[] =>
    mirrorUris(pairs, `git://${uri.host}${uri.path}`, uri.path.slice(uri.path.lastIndexOf('/') + 1))
      .filter((one) => one.startsWith('git://'))
      .map((one) => one.replace('git:', one.startsWith('git:///') ? 'file:' : `${uri.protocol}:`));
  const failures: unknown[] = [];
  for (const from of [...elsewhere(context.premirrors), url, ...elsewhere(context.mirrors)]) {
    context.log(`fetching ${from} into ${mirror}`);
    try {
      // Branches and tags only: forges keep thousands of other refs. Unpacked later is one commit, named by its id.
      const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
      await fetchFrom(context, uri, { from, refspecs, options: ['--prune'] });
      return;
    } catch (error) {
      if (context.signal.aborted) throw error;
      context.log(`${from}: ${error instanceof Error ? error.message : String(error)}`);
      failures.push(error);
    }
  }
  throw failures[0];
}

/** Fetches a commit that no branch or tag leads to, as servers allow for `nobranch=1`. */
async function fetchCommit(context: SourceContext, uri: GitUri, revision: string): Promise<void> {
  if (!isYes(uri, 'nobranch', false)) return;
  await fetchFrom(context, uri, {
    from: gitUrl(uri),
    refspecs: [`+${revision}:refs/varve/${revision}`],
    options: [],
  });
}

interface Fetching {
  readonly from: string;
  readonly refspecs: readonly string[];
  readonly options: readonly string[];
}

/** Fetches into the mirror what these refspecs name, and no tags besides. */
async function fetchFrom(
  context: SourceContext,
  uri: GitUri,
  { from, refspecs, options }: Fetching,
): Promise<void> {
  const how = ['--quiet', '--no-tags', ...options, ...waysToAsk(context, from)];
  const args = [`--git-dir=${gitMirrorPath(context, uri)}`, 'fetch', ...how, '--', from, ...refspecs];
  await runGit(context, { args, uri: uri.text });
}

function hasRevision(context: SourceContext, uri: GitUri, revision: string): boolean {
  return (
    context.world.fs.existsSync(gitMirrorPath(context, uri)) &&
    hasCommit(context, uri, revision) &&
    isOnBranch(context, uri, revision) &&
    tagAgrees(context, uri, revision)
  );
}

function hasCommit(context: SourceContext, uri: GitUri, revision: string): boolean {
  return agrees(context, uri, ['cat-file', '-e', `${revision}^{commit}`]);
}

function isOnBranch(context: SourceContext, uri: GitUri, revision: string): boolean {
  const branch = uri.params.get('branch');
  if (branch === undefined || isYes(uri, 'nobranch', false)) return true;
  return agrees(context, uri, ['merge-base', '--is-ancestor', revision, `refs/heads/${branch}`]);
}

function tagAgrees(context: SourceContext, uri: GitUri, revision: string): boolean {
  const tag = uri.params.get('tag');
  if (tag === undefined) return true;
  const tagged = `refs/tags/${tag}^{commit}`;
  // Each an ancestor of the other: they are one.
  return (
    agrees(context, uri, ['merge-base', '--is-ancestor', tagged, revision]) &&
    agrees(context, uri, ['merge-base', '--is-ancestor', revision, tagged])
  );
}

function agrees(context: SourceContext, uri: GitUri, args: readonly string[]): boolean {
  return gitAgrees(context, { args: [`--git-dir=${gitMirrorPath(context, uri)}`, ...args], uri: uri.text });
}

function checkRevision(context: SourceContext, uri: GitUri, revision: string): void {
  const fail = (message: string, ...hints: readonly string[]): Error =>
    sourceError(context, 'task', { message, uri: uri.text, hints });
  if (!hasCommit(context, uri, revision)) {
    throw fail(
      `the repository of "${uri.text}" has no commit ${revision}`,
      'Look whether the revision or the repository is mistyped.',
    );
  }
  if (!isOnBranch(context, uri, revision)) {
    const branch = uri.params.get('branch') ?? '';
    throw fail(
      `commit ${revision} of "${uri.text}" is not on branch ${branch}`,
      'Name the branch that it is on, or use ;nobranch=1.',
    );
  }
  if (!tagAgrees(context, uri, revision)) {
    throw fail(
      `the tag ${uri.params.get('tag')} of "${uri.text}" is not at commit ${revision}`,
      'Set SRCREV to the commit of the tag, or leave ;tag= out.',
    );
  }
}
