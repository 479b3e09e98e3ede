/** The builds that a bisection searches: those between the ends that have a result to judge. */
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { recipeIn } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { resolveArtifact, resolveTask } from '../record/resolve-revision.ts';
import { spokenIn } from '../record/spoken-in.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import type { Bisectable } from './bisectable.ts';
import type { NamedResult } from './named-tree.ts';
import type { Named } from './search-row.ts';

/** Builds in a row with one and the same result. */
export interface Candidate extends NamedResult, Named {
  /** The first of them. */
  readonly build: RecordedBuild;
  /** The last of them. */
  readonly last: RecordedBuild;
}

export interface Candidates {
  /** Oldest first; at least two. */
  readonly candidates: readonly Candidate[];
  /** Builds that cannot be judged, by the reason. */
  readonly passedOver: ReadonlyMap<string, readonly number[]>;
}

/** Collects the candidates between two builds, ends included. */
export function bisectCandidates(
  record: TheRecord,
  revision: Bisectable,
  ends: { readonly good: string; readonly bad: string },
): Candidates {
  const [good, bad] = [record.build(ends.good), record.build(ends.bad)];
  if (good.n >= bad.n) {
    throw new VarveError(
      'usage',
      `the good build must be older than the bad one, and ${good.n} is not older than ${bad.n}`,
      {
        hints: ['to find what mended something, turn the command round: -- sh -c "! COMMAND"'],
      },
    );
  }
  const candidates: Candidate[] = [];
  const passedOver = new Map<string, number[]>();
  for (const build of record.builds.filter(({ n }) => n >= good.n && n <= bad.n)) {
    const found = resultOf(record, revision, build);
    const previous = candidates.at(-1);
    if (typeof found === 'string') {
      if (build === good || build === bad)
        throw new VarveError('usage', `build ${build.n} cannot be an end of the search: ${found}`, {
          hints: ['varve builds   tells which builds did not fail, and what they were asked for'],
        });
      passedOver.set(found, [...(passedOver.get(found) ?? []), build.n]);
    } else if (previous?.resolved.tree === found.tree)
      candidates[candidates.length - 1] = { ...previous, last: build };
    else candidates.push({ name: `build ${build.n}`, build, last: build, resolved: found });
  }
  if (candidates.length < 2) {
    throw new VarveError(
      'usage',
      `build ${good.n} and build ${bad.n} have the same result, and so has every build between them`,
      {
        hints: [
          `what differs lies outside ${revision.recipe}: varve diff ${spokenIn(record, `@${good.n}`)} ${spokenIn(record, `@${bad.n}`)}`,
        ],
      },
    );
  }
  return { candidates: candidates.map(withGiven), passedOver };
}

function withGiven(candidate: Candidate): Candidate {
  const { build, last } = candidate;
  return build === last
    ? candidate
    : { ...candidate, given: `build ${last.n}, the same as build ${build.n},` };
}

/** The tree to judge, or why there is none. */
function resultOf(record: TheRecord, revision: Bisectable, build: RecordedBuild): ResolvedTree | string {
  if (!build.ok) return 'it failed';
  const recipe = recipeIn(record, build, revision);
  if (recipe === undefined) return `it has no ${revision.recipe}`;
  try {
    return revision.kind === 'task'
      ? resolveTask(record, { build, recipe }, revision.task)
      : resolveArtifact(record, { build, recipe });
  } catch (error) {
    if (error instanceof VarveError) return error.message.replaceAll(/ in build \d+/g, '');
    throw error;
  }
}
