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

/** Which of the repositories below a directory are looked at: without any of this, all. */
export interface Looking {
  /** The directory is a WORKDIR: git that runs in it obeys its history, whatever else stands there. */
  readonly isWorkdir?: boolean;
  /** Only those that one of these is a part of: raw paths below the directory. */
  readonly changed?: readonly string[];
}

/**
 * Warns of repositories below a directory whose configuration says more than that of a plain clone, or that have hooks: the
 * first line or hook of each. What is not known to be harmless is told. Costs a listing of each directory, or next to
 * nothing where it is known what changed.
 */
export function obeyedRepositories(
  fs: FileSystem,
  dir: string,
  { isWorkdir = false, changed }: Looking = {},
): readonly string[] {
  const top = rawPath(dir);
  const found = changed === undefined ? repositoriesBelow(fs, top) : repositoriesOf(fs, top, changed);
  const gitDirs = [...new Set(found.map(({ gitDir }) => gitDir))];
  const obeyed = gitDirs.flatMap((gitDir) => {
    // Git may come upon it in several places, in its own directory last of all.
    const place = found.find((each) => each.gitDir === gitDir)?.place ?? gitDir;
    const what = isWorkdir && place === top ? undefined : whatIsObeyed(fs, gitDir);
    return what === undefined ? [] : [{ place: shownPath(place), what }];
  });
  const more = obeyed.length > TOLD ? [`${obeyed.length - TOLD} more git repositories are obeyed so`] : [];
  const told = obeyed
    .slice(0, TOLD)
    .map(({ place, what }) => `${place} is a git repository, and git run in it obeys its ${what}`);
  return [...told, ...more];
}

/** A repository; all paths are raw. */
interface Repository {
  readonly gitDir: string;
  /** The directory in which git comes upon it. */
  readonly place: string;
}

function repositoriesBelow(fs: FileSystem, dir: string): readonly Repository[] {
  const entries = entriesOf(fs, dir);
  const names = entries.map(({ name }) => name);
  const below = entries.filter((entry) => entry.isDirectory());
  return [
    ...repositoriesAt(fs, dir, names),
    ...below.flatMap(({ name }) => repositoriesBelow(fs, join(dir, name))),
  ];
}

const isLinkName = (name: string): boolean => name.toLowerCase() === '.git';
/** What decides whether a directory is a repository, and what git obeys in it. */
const PARTS = new Set(['HEAD', 'objects', 'refs', 'commondir', 'config', 'hooks']);

function repositoriesOf(fs: FileSystem, top: string, changed: readonly string[]): readonly Repository[] {
  const linked = new Set<string>();
  const bare = new Set<string>();
  for (const path of changed) {
    const names = path.split('/');
    for (const [at, name] of names.entries()) {
      const touched = isLinkName(name) ? linked : PARTS.has(name) ? bare : undefined;
      touched?.add(join(top, ...names.slice(0, at)));
    }
  }
  return [...new Set([...linked, ...bare])].toSorted(byCodeUnit).flatMap((dir) => {
    const names = entriesOf(fs, dir).map(({ name }) => name);
    return repositoriesAt(fs, dir, names).filter(({ gitDir }) => (gitDir === dir ? bare : linked).has(dir));
  });
}

/** What git takes for a repository where it stands in a directory with these names. */
function repositoriesAt(fs: FileSystem, dir: string, names: readonly string[]): readonly Repository[] {
  const has = (name: string): boolean => names.includes(name);
  const isBare = has('HEAD') && ((has('objects') && has('refs')) || has('commondir'));
  const linked = names.filter(isLinkName).flatMap((name) => leadsTo(fs, join(dir, name)) ?? []);
  return [...(isBare ? [dir] : []), ...linked].map((gitDir) => ({ gitDir, place: dir }));
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
