import { dirname, join, resolve } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { isWholeCommitId } from '../terms/ids.ts';

export interface GitHead {
  /** Left out where none is checked out, but a commit. */
  readonly branch?: string;
  /** The commit that is checked out; left out where there is none yet. */
  readonly revision?: string;
  /** Where `origin` is, without what is between `//` and `@`: that may be a password. */
  readonly remote?: string;
}

/** Says what is checked out of the git repository around a directory, without git; undefined: there is none. */
export function readGitHead(fs: FileSystem, dir: string): GitHead | undefined {
  const gitDir = findGitDir(fs, dir);
  if (gitDir === undefined) return undefined;
  // A linked worktree has a HEAD of its own; refs and settings are where the repository is.
  const shared = textOf(fs, join(gitDir, 'commondir'));
  const places = shared === undefined ? [gitDir] : [gitDir, resolve(gitDir, shared)];
  const branch = /^ref: refs\/heads\/(.+)$/.exec(textOf(fs, join(gitDir, 'HEAD')) ?? '')?.[1];
  const revision = resolveRef(fs, places, 'HEAD');
  const remote = remoteIn(textOf(fs, join(places.at(-1) ?? gitDir, 'config')) ?? '');
  return {
    ...(branch === undefined ? {} : { branch }),
    ...(revision === undefined ? {} : { revision }),
    ...(remote === undefined ? {} : { remote }),
  };
}

function findGitDir(fs: FileSystem, start: string): string | undefined {
  for (let dir = start; ; dir = dirname(dir)) {
    const path = join(dir, '.git');
    const link = /^gitdir: (.+)$/.exec(textOf(fs, path) ?? '')?.[1];
    if (link !== undefined) return resolve(dir, link);
    if (fs.existsSync(join(path, 'HEAD'))) return path;
    if (dir === dirname(dir)) return undefined;
  }
}

function resolveRef(fs: FileSystem, places: readonly string[], name: string): string | undefined {
  const text = places.map((place) => textOf(fs, join(place, name))).find((found) => found !== undefined);
  if (text === undefined) return packedRef(fs, places, name);
  const next = /^ref: (\S+)$/.exec(text)?.[1];
  if (next !== undefined) return next === name ? undefined : resolveRef(fs, places, next);
  return isWholeCommitId(text) ? text : undefined;
}

function packedRef(fs: FileSystem, places: readonly string[], name: string): string | undefined {
  const lines = places.flatMap((place) => (textOf(fs, join(place, 'packed-refs')) ?? '').split('\n'));
  return lines.find((line) => line.endsWith(` ${name}`))?.split(' ')[0];
}

function remoteIn(config: string): string | undefined {
  const section = /^\[remote "origin"\]\n((?:[ \t].*\n?)*)/m.exec(config)?.[1] ?? '';
  const url = /^\s*url\s*=\s*(\S+)/m.exec(section)?.[1];
  return url?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}

function textOf(fs: FileSystem, path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8').trim();
  } catch {
    // No such file, or a directory: then it is not what was looked for.
    return undefined;
  }
}
