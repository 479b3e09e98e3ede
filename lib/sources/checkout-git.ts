import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { gitMirrorPath } from './git-mirror-path.ts';
import { gitRevision } from './git-revision.ts';
import { isYes, type GitUri } from './parse-src-uri.ts';
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
  const index = { GIT_INDEX_FILE: join(scratch, 'index') };
  git(index, `--work-tree=${dir}`, 'read-tree', '--reset', '-u', tree);
  if (isYes(uri, 'lfs', true))
    refuseStandIns(context, uri, {
      dir,
      names: git(
        index,
        `--work-tree=${dir}`,
        'ls-files',
        '-z',
        ...(subpath === undefined ? ['--', ':(top,attr:filter=lfs)'] : []),
      ),
    });
  setTimes(fs, Buffer.from(dir), Number(git({}, 'show', '--no-patch', '--format=%ct', revision)));
}

export interface Checkout {
  readonly dir: string;
  /** An empty directory for the index. */
  readonly scratch: string;
}

/** Git LFS keeps contents elsewhere; in the repository a few lines stand for each. */
function refuseStandIns(
  context: SourceContext,
  uri: GitUri,
  { dir, names }: { readonly dir: string; readonly names: string },
): void {
  const { fs } = context.world;
  const found = names.split('\0').find((name) => {
    const stat = name === '' ? undefined : fs.lstatSync(join(dir, name), { throwIfNoEntry: false });
    return stat?.isFile() && stat.size < STAND_IN && fs.readFileSync(join(dir, name), 'utf8').startsWith(LFS);
  });
  if (found === undefined) return;
  throw sourceError(context, 'task', {
    message: `the content of ${found} of "${uri.text}" is in Git LFS, from which varve does not fetch`,
    uri: uri.text,
    hints: ['Add ;lfs=0 to take the lines that stand for it in the repository.'],
  });
}

const STAND_IN = 1024;
const LFS = 'version https://git-lfs.github.com/spec/';

function setTimes(fs: FileSystem, dir: Buffer, seconds: number): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([dir, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) setTimes(fs, path, seconds);
    else fs.lutimesSync(path, seconds, seconds);
  }
  fs.utimesSync(dir, seconds, seconds);
}
