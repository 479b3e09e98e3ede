/** The row that a search over commits goes through: commits in a row that make one and the same thing fall together. */
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { foreseeInScratch, type Foreseen, type Wanted } from './build-in-scratch.ts';
import { shortId, type GitCommit } from './commit-history.ts';
import type { CommitScratch } from './commit-scratch.ts';
import type { Ends } from './commit-walk.ts';
import type { Named } from './search-row.ts';

/** Commits in a row with one and the same result. */
export interface CommitCandidate extends Named {
  readonly first: GitCommit;
  readonly last: GitCommit;
}

export interface CommitRow {
  /** All commits, oldest first. */
  readonly commits: readonly GitCommit[];
  /** At least two. */
  readonly candidates: readonly CommitCandidate[];
  /** Commits whose metadata makes nothing, by the reason. */
  readonly passedOver: ReadonlyMap<string, readonly GitCommit[]>;
}

/** Reads the metadata at every commit between the ends (whole ids), unless all are known to differ; undefined where a person interrupted it. */
export async function commitRow(
  world: World,
  scratch: CommitScratch,
  {
    wanted,
    signal,
    ends: { good, bad },
  }: { readonly wanted: Wanted; readonly signal: AbortSignal; readonly ends: Ends },
): Promise<CommitRow | undefined> {
  const { history, allDiffer } = scratch.walk;
  const commits = history.between(good, bad);
  if (allDiffer) return { commits, candidates: commits.map(candidateOf), passedOver: new Map() };
  const candidates: CommitCandidate[] = [];
  const passedOver = new Map<string, GitCommit[]>();
  let before: string | undefined;
  for (const commit of commits) {
    scratch.stand(commit.commit);
    const foreseen = await foreseeInScratch(world, scratch.buildDir, wanted);
    if (signal.aborted) return undefined;
    if (foreseen.kind === 'unmade') {
      const isEnd = commit === commits[0] || commit === commits.at(-1);
      if (isEnd) throw noEnd(commit, foreseen);
      passedOver.set(foreseen.why, [...(passedOver.get(foreseen.why) ?? []), commit]);
      continue;
    }
    const previous = candidates.at(-1);
    if (previous !== undefined && before === foreseen.key)
      candidates[candidates.length - 1] = { ...previous, last: commit };
    else candidates.push(candidateOf(commit));
    before = foreseen.key;
  }
  if (candidates.length < 2) throw allAlike(wanted, { good, bad });
  return { commits, candidates, passedOver };
}

function candidateOf(commit: GitCommit): CommitCandidate {
  return { name: `commit ${shortId(commit.commit)} (${commit.subject})`, first: commit, last: commit };
}

function noEnd({ commit }: GitCommit, { why }: Extract<Foreseen, { kind: 'unmade' }>): VarveError {
  return new VarveError('usage', `commit ${shortId(commit)} cannot be an end of the search: ${why}`);
}

function allAlike(
  { recipe, task }: Wanted,
  { good, bad }: { readonly good: string; readonly bad: string },
): VarveError {
  const what = task === undefined ? recipe : `${recipe}:${task}`;
  return new VarveError(
    'usage',
    `every commit from ${shortId(good)} to ${shortId(bad)} makes the same of ${what}: none of them changed what it is made from`,
    {
      hints: [
        'what differs lies in another layer, in conf or on the host: varve why @A @B   tells of two builds',
      ],
    },
  );
}
