/** Looks whether builds.git still names the builds that it has. */
import { join } from 'node:path';
import type { CheckedHistory } from '../../history/check-history.ts';
import type { CheckedRepository } from '../../history/check-repository.ts';
import { putAway } from '../../history/damaged-repository.ts';
import type { Finding } from '../../history/finding.ts';
import { openRefs } from '../../history/refs.ts';
import { readIfThere } from '../../history/replace-file.ts';
import { readTrailers } from '../../history/task-commits.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { CommitId } from '../../terms/ids.ts';
import { refs as refNames } from '../../terms/places.ts';
import { newestIn } from '../record/last-number.ts';

/** A commit of a build, whether or not a tag names it. */
interface BuildCommit {
  readonly n: number;
  readonly id: CommitId;
  /** What `build --name` gave it. */
  readonly name: string | undefined;
}

/** A history, and the newest build that it tells of. */
interface Teller {
  readonly gitDir: string;
  readonly n: number;
}

/**
 * Compares the names of builds.git with the builds that histories tell of, and with those before its newest. A person may
 * take a tag away: what is told is that packed-refs names no build any more, and builds after the newest that is named.
 */
export function checkBuildNames(
  fs: FileSystem,
  repository: CheckedRepository,
  histories: Iterable<CheckedHistory>,
): readonly Finding[] {
  // Where something of it cannot be read, that comes first.
  if (repository.findings.length > 0) return [];
  const { gitDir } = repository;
  const told = newestTeller(histories);
  // Read once more: builds may have ended since.
  const tags = [...openRefs(fs, gitDir).list('refs/tags/').keys()].map((name) =>
    name.slice('refs/tags/'.length),
  );
  const numbers = new Set(tags.filter((tag) => /^[1-9]\d*$/.test(tag)).map(Number));
  const newest = Math.max(0, ...numbers);
  const builds = buildCommits(repository);
  const isNameless = ({ n }: BuildCommit): boolean => !numbers.has(n);
  // One that was killed, or goes on, may have named what it left before it was recorded itself.
  if (told !== undefined && told.n > newest + 1) {
    const line = lineOf(repository, builds, builds[0]);
    const after = newest === 0 ? 'no build' : `no build after ${newest}`;
    const hints = line.some(isNameless) ? nameAgain(gitDir, line) : [forget(gitDir, told, newest)];
    return [{ place: gitDir, what: `it names ${after}, and ${told.gitDir} tells of build ${told.n}`, hints }];
  }
  if ((readIfThere(fs, join(gitDir, 'packed-refs')) ?? '').includes(' refs/tags/')) return [];
  const line = lineOf(
    repository,
    builds,
    builds.find(({ n }) => n === newest),
  );
  const lost = line.filter(isNameless).length;
  const what = `packed-refs names no build: ${lost} before build ${newest} ${lost === 1 ? 'has' : 'have'} no name any more`;
  return lost === 0 ? [] : [{ place: gitDir, what, hints: nameAgain(gitDir, line) }];
}

/** Tells where there is no builds.git, of which a second build is told: the first may have been killed before it made one. */
export function checkBuildsThere(gitDir: string, histories: Iterable<CheckedHistory>): readonly Finding[] {
  const told = newestTeller(histories);
  if (told === undefined || told.n <= 1) return [];
  const hint = 'varve build   begins it anew: what tasks made is not lost, but what builds were made from is';
  return [
    { place: gitDir, what: `it is missing, and ${told.gitDir} tells of build ${told.n}`, hints: [hint] },
  ];
}

function newestTeller(histories: Iterable<CheckedHistory>): Teller | undefined {
  return [...histories]
    .map((history): Teller => ({ gitDir: history.gitDir, n: newestIn(history.refs.keys()) }))
    .toSorted((a, b) => b.n - a.n)[0];
}

/** All that are whole, newest first. */
function buildCommits({ commits, objects }: CheckedRepository): readonly BuildCommit[] {
  return commits
    .flatMap((id) => {
      const trailers = readTrailers(objects.readCommit(id).message);
      const build = trailers.get('Build') ?? '';
      return /^[1-9]\d*$/.test(build) ? [{ n: Number(build), id, name: trailers.get('Name') }] : [];
    })
    .toSorted((a, b) => b.n - a.n);
}

/** A build and those that it stands on. */
function lineOf(
  { objects }: CheckedRepository,
  builds: readonly BuildCommit[],
  last: BuildCommit | undefined,
): readonly BuildCommit[] {
  const known = new Map(builds.map((build) => [build.id, build]));
  const line: BuildCommit[] = [];
  for (let at = last; at !== undefined;) {
    line.push(at);
    const [parent] = objects.readCommit(at.id).parents;
    at = parent === undefined ? undefined : known.get(parent);
  }
  return line;
}

/** Git itself tells what each commit is to be called. */
function nameAgain(gitDir: string, line: readonly BuildCommit[]): readonly string[] {
  const git = `git --git-dir ${gitDir}`;
  const update = (key: string): string =>
    `${git} log --first-parent --grep='^${key}: ' --format='update refs/tags/%(trailers:key=${key},valueonly,separator=) %H' ${line[0]?.id} | ${git} update-ref --stdin`;
  return [
    `${update('Build')}   gives builds their numbers again`,
    ...(line.some(({ name }) => name !== undefined)
      ? [`${update('Name')}   gives those that had a name theirs`]
      : []),
  ];
}

function forget(gitDir: string, { gitDir: own, n }: Teller, newest: number): string {
  return newest === 0
    ? putAway(gitDir)
    : `git --git-dir ${own} update-ref -d ${refNames.build(n)}   forgets where the recipe stood in it`;
}
