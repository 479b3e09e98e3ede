/** Looks whether the names of a recipe's history say what its commits say. */
import { basename } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { shellWord } from '../terms/shell-word.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkNotes } from './check-notes.ts';
import { checkRepository, type CheckedRepository } from './check-repository.ts';
import type { Finding } from './finding.ts';
import { NOTE_KINDS } from './notes.ts';
import { asTaskCommit, readTrailers } from './task-commits.ts';

export interface CheckedHistory extends CheckedRepository {
  /** How many notes were looked at. */
  readonly notes: number;
}

/** Checks a history: what every repository is checked for, its task tags, its artifacts and its notes. */
export function checkHistory(
  fs: FileSystem,
  gitDir: string,
  options: { readonly bare: boolean },
): CheckedHistory {
  const repository = checkRepository(fs, gitDir);
  const notes = NOTE_KINDS.flatMap((kind) => checkNotes(repository, kind));
  return {
    ...repository,
    notes: notes.reduce((sum, { count }) => sum + count, 0),
    findings: [
      ...repository.findings,
      ...checkConfiguration(fs, gitDir, options),
      ...(repository.isBlind ? [] : checkMetadata(repository)),
      ...[...repository.refs].flatMap(([name, oid]) => checkName(repository, name, oid)),
      ...notes.flatMap(({ findings }) => findings),
    ],
  };
}

/** A task's tag names a commit of that task and signature; an artifact's ref one of that artifact. */
function checkName(repository: CheckedRepository, name: string, oid: ObjectId): readonly Finding[] {
  const recipe = basename(repository.gitDir, '.git');
  const [, task, at] = /^refs\/tags\/(do_[^@]+)(?:@(.+))?$/.exec(name) ?? [];
  const [, signature] = /^refs\/artifacts\/(.+)$/.exec(name) ?? [];
  if (task === undefined && signature === undefined) return [];
  const is = repository.typeOf(oid);
  // That nothing is there was told with the name.
  if (is === undefined) return [];
  const wrong = (what: string): readonly Finding[] => [wrongName(repository.gitDir, name, what)];
  if (is !== 'commit') return wrong(`names a ${is}`);
  const commit = repository.objects.readCommit(oid);
  if (signature !== undefined) {
    const told = readTrailers(commit.message).get('Signature');
    return told?.startsWith(signature) === true ? [] : wrong('names what is not its artifact');
  }
  const found = asTaskCommit(oid as CommitId, commit);
  if (found?.task !== `${recipe}:${task}`)
    return wrong(`names a commit that is not one of ${recipe}:${task}`);
  if (at === undefined || at === 'failed' || found.signature.startsWith(at)) return [];
  return wrong('names a commit of another signature');
}

function wrongName(gitDir: string, name: string, what: string): Finding {
  return {
    place: gitDir,
    what: `${name.replace(/^refs\/(tags\/)?/, '')} ${what}`,
    hints: [
      `git --git-dir ${gitDir} update-ref -d ${shellWord(name)}   forgets the name: what it stood for is made anew where it is needed`,
    ],
  };
}
