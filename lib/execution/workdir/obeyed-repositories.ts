/** Git repositories in a WORKDIR that make git run or change something: for who is about to run git there. */
import { dirname, join, resolve } from 'node:path';
import type { FileSystem } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { fullPath } from '../../history/directory-access.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';

/** More are not told. */
const TOLD = 5;
/** Bytes of a configuration; no plain one has as many. */
const LARGE = 1 << 20;

/**
 * Warns of repositories below a directory whose configuration says more than that of a plain clone, or that have hooks: the
 * first line or hook of each. What is not known to be harmless is told.
 */
export function obeyedRepositories(fs: FileSystem, dir: string): readonly string[] {
  const obeyed = [...repositoriesBelow(fs, rawPath(dir))].flatMap(([gitDir, place]) => {
    const what = whatIsObeyed(fs, gitDir);
    return what === undefined ? [] : [{ place: shownPath(place), what }];
  });
  const more = obeyed.length > TOLD ? [`${obeyed.length - TOLD} more git repositories are obeyed so`] : [];
  const told = obeyed
    .slice(0, TOLD)
    .map(({ place, what }) => `${place} is a git repository, and git run in it obeys its ${what}`);
  return [...told, ...more];
}

/** All paths are raw. The directory of each repository, and where git would come upon it. */
function repositoriesBelow(fs: FileSystem, top: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (gitDir: string | undefined, place: string): void => {
    if (gitDir !== undefined && !found.has(gitDir)) found.set(gitDir, place);
  };
  const visit = (dir: string): void => {
    const entries = entriesOf(fs, dir);
    const has = (name: string): boolean => entries.some((entry) => entry.name === name);
    // Git takes such a directory for a repository when it stands in it.
    if (has('HEAD') && ((has('objects') && has('refs')) || has('commondir'))) note(dir, dir);
    for (const entry of entries) {
      const path = join(dir, entry.name);
      // The link at the top is varve's own.
      if (entry.name.toLowerCase() === '.git' && dir !== top) note(leadsTo(fs, path), dir);
      if (entry.isDirectory()) visit(path);
    }
  };
  visit(top);
  return found;
}

function entriesOf(fs: FileSystem, dir: string) {
  const list = () => fs.readdirSync(fullPath('', dir), { withFileTypes: true, encoding: 'latin1' });
  return orNothing(list)?.toSorted((a, b) => byCodeUnit(a.name, b.name)) ?? [];
}

/** The repository that a `.git` stands for, be it a directory, a link or a file. */
function leadsTo(fs: FileSystem, path: string): string | undefined {
  if (statOf(fs, path)?.isDirectory() === true) return path;
  const [, named] = /^gitdir: (.*?)[\r\n]*$/.exec(textOf(fs, path) ?? '') ?? [];
  return named === undefined ? undefined : resolve(dirname(path), named);
}

/** Undefined where there is no file; a large one is no text of git's. */
function textOf(fs: FileSystem, path: string): string | undefined {
  const stat = statOf(fs, path);
  if (stat?.isFile() !== true) return undefined;
  return stat.size > LARGE ? '…' : orNothing(() => fs.readFileSync(fullPath('', path), 'latin1'));
}

function statOf(fs: FileSystem, path: string) {
  return orNothing(() => fs.statSync(fullPath('', path)));
}

/** What is closed, leads in a circle, or is deeper than paths may be: git does not come there either. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function whatIsObeyed(fs: FileSystem, gitDir: string): string | undefined {
  const shared = textOf(fs, join(gitDir, 'commondir'))?.trimEnd();
  const common = shared === undefined ? gitDir : resolve(gitDir, shared);
  const isOwnTree = (path: string): boolean => leadsTo(fs, join(resolve(gitDir, path), '.git')) === gitDir;
  const line = telling(textOf(fs, join(common, 'config')) ?? '', isOwnTree);
  if (line !== undefined) return `configuration: ${printable(line)}`;
  const hook = entriesOf(fs, join(common, 'hooks')).find(
    ({ name }) => !name.endsWith('.sample') && isProgram(fs, join(common, 'hooks', name)),
  );
  return hook === undefined ? undefined : `hook ${printable(hook.name)}`;
}

function isProgram(fs: FileSystem, path: string): boolean {
  const stat = statOf(fs, path);
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
}

const COMMENT = /^\s*(?:[#;].*)?$/s;
const SECTION = /^\s*\[[^"\]\\]*(?:"[^"\\]*")?\]\s*$/;
/** In these a plain clone has settings, with these names; none of them makes git run anything, in whichever section. */
const PLAIN_SECTION = /^\s*\[(?:core|user|extensions|(?:remote|branch|submodule) "[^"\\]*")\]\s*$/;
const PLAIN_KEY =
  /^\s*(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|symlinks|precomposeunicode|url|fetch|remote|merge|rebase|active|name|email|tagopt|promisor|partialclonefilter|partialclone|objectformat|refstorage)\s*=(?:.*[^\\\r])?\r?$/;

/** The first line of a configuration that a plain clone has not; one that goes on in the next line is not plain. */
function telling(config: string, isOwnTree: (path: string) => boolean): string | undefined {
  let section = '';
  for (const line of config.split('\n')) {
    const [, tree] = /^\s*worktree\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const isPlain =
      COMMENT.test(line) ||
      (PLAIN_SECTION.test(section) && (PLAIN_KEY.test(line) || (tree !== undefined && isOwnTree(tree))));
    if (SECTION.test(line)) section = line;
    else if (!isPlain) return `${section.trim()} ${line.trim()}`;
  }
  return undefined;
}

/** No terminal is commanded by it. */
function printable(text: string): string {
  const line = text.trim().replaceAll(/[^ -~]/g, '·');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
