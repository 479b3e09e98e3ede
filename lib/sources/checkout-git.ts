import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { gitMirrorPath } from './git-mirror-path.ts';
import { gitRevision } from './git-revision.ts';
import type { GitUri } from './parse-src-uri.ts';
import { runGitNow } from './run-git.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/**
 * Writes the files of the wanted revision into a directory, from the mirror in DL_DIR. There is no `.git` in it: what
 * git keeps there (index, packs) differs from run to run, and the record of the WORKDIR tells the same better. All
 * files have the time of the commit, so that make does not find some of them newer than others.
 */
export function checkoutGit(context: SourceContext, uri: GitUri, { dir, scratch }: Checkout): void {
  const mirror = gitMirrorPath(context, uri);
  const revision = gitRevision(context, uri);
  const { fs } = context.world;
  if (!fs.existsSync(mirror)) {
    throw sourceError(context, 'task', {
      message: `the mirror ${mirror} of "${uri.text}" is gone`,
      uri: uri.text,
      hints: [`varve build -f -c fetch ${context.recipe}`],
    });
  }
  const subpath = uri.params.get('subpath');
  const tree = subpath === undefined ? revision : `${revision}:${subpath}`;
  const git = (env: Readonly<Record<string, string>>, ...args: readonly string[]): string =>
    runGitNow(context, { args: [`--git-dir=${mirror}`, ...args], uri: uri.text, env });
  git({ GIT_INDEX_FILE: join(scratch, 'index') }, `--work-tree=${dir}`, 'read-tree', '--reset', '-u', tree);
  setTimes(fs, Buffer.from(dir), Number(git({}, 'show', '--no-patch', '--format=%ct', revision)));
}

export interface Checkout {
  readonly dir: string;
  /** An empty directory for the index. */
  readonly scratch: string;
}

function setTimes(fs: FileSystem, dir: Buffer, seconds: number): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([dir, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) setTimes(fs, path, seconds);
    else fs.lutimesSync(path, seconds, seconds);
  }
  fs.utimesSync(dir, seconds, seconds);
}
