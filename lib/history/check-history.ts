/** Looks whether the names of a recipe's history say what its commits say. */
import { basename } from 'node:path';
import type { Commit, TreeEntry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { type CommitId, isHex, type ObjectId } from '../terms/ids.ts';
import { shellWord } from '../terms/shell-word.ts';
import { DEFAULT_IMAGE, METADATA_DIR } from '../trees/tree-metadata.ts';
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
  if (signature !== undefined)
    return isArtifact(repository, commit, { recipe, signature })
      ? []
      : wrong('names what is not its artifact');
  const found = asTaskCommit(oid as CommitId, commit);
  if (found?.task !== `${recipe}:${task}`)
    return wrong(`names a commit that is not one of ${recipe}:${task}`);
  if (at === 'failed') return [];
  if (found.fell) return wrong('names a failure');
  return at === undefined || found.signature.startsWith(at)
    ? []
    : wrong('names a commit of another signature');
}

/** An artifact's commit stands on nothing, says what it is of, and has an image and its metadata in its tree. */
function isArtifact(
  { objects, typeOf }: CheckedRepository,
  { message, parents, tree }: Commit,
  { recipe, signature }: { readonly recipe: string; readonly signature: string },
): boolean {
  const trailers = readTrailers(message);
  const isIn = ({ name }: TreeEntry): boolean => name === DEFAULT_IMAGE || name === METADATA_DIR;
  return (
    parents.length === 0 &&
    trailers.get('Signature')?.startsWith(signature) === true &&
    trailers.get('Task')?.startsWith(`${recipe}:`) === true &&
    isHex(trailers.get('Artifact') ?? '', 64) &&
    (typeOf(tree) !== 'tree' || objects.readTree(tree).every(isIn))
  );
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
