/** What changed between two artifacts, tasks or builds. */
import type { World } from '../ports/world.ts';
import { buildNamed, parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Difference } from './comparing/difference.ts';
import { diffBuilds } from './comparing/diff-builds.ts';
import { diffEdits } from './comparing/diff-edits.ts';
import { compareResolved } from './comparing/compare-resolved.ts';
import { findNewest, type Standing } from './record/find-recorded.ts';
import { openEach } from './record/open-named.ts';
import type { BuildOf, TheRecord } from './record/open-record.ts';
import { resolveArtifact, resolveTreeRevision } from './record/resolve-revision.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';

export interface DiffRequest {
  readonly buildDir: string;
  /** One: compared with what came before it. */
  readonly revs: readonly [string, string?];
  /** Only these paths and what is below them; none: all. */
  readonly paths: readonly string[];
}

/** Compares what one or two REVs name. */
export function diffRevisions(world: World, request: DiffRequest): Difference {
  const [first, second] = request.revs;
  const typed = second === undefined ? [first] : [first, second];
  const [one, other] = openEach(world, request.buildDir, typed);
  if (one === undefined) throw new Error('diff was asked of nothing');
  const { record } = one;
  const from = parseRevision(one.rev);
  const to = other === undefined ? undefined : parseRevision(other.rev);
  if (from.kind === 'build') {
    if (other === undefined)
      return diffFromBefore({ record, build: record.build(from.build) }, request.paths);
    if (to?.kind !== 'build') throw mixed(first, second ?? '');
    const ends = {
      from: { record, build: record.build(from.build) },
      to: { record: other.record, build: other.record.build(to.build) },
    };
    return diffBuilds(ends, request.paths);
  }
  if (to?.kind === 'build') throw mixed(first, second ?? '');
  const given = resolveTreeRevision(record, from);
  if (given.kind === 'edited' && to === undefined) return diffEdits(record, given, request.paths);
  const ends =
    to === undefined
      ? { from: before(record, given), to: given }
      : { from: given, to: resolveTreeRevision(other?.record ?? record, to) };
  return compareResolved(ends, request.paths);
}

/** Compares a build with the one before it. */
function diffFromBefore({ record, build }: BuildOf, paths: readonly string[]): Difference {
  const earlier = record.builds.findLast(({ n }) => n < build.n);
  if (earlier !== undefined)
    return diffBuilds({ from: { record, build: earlier }, to: { record, build } }, paths);
  throw new VarveError(
    'usage',
    `${buildNamed(build.n, record.imported)} is the first one here: there is nothing to compare it with`,
    { hints: ['varve diff @1 @ann@1   compares any two, also with those of an import'] },
  );
}

/** What came before: the previous artifact that differs, the task before; undefined compares with nothing. */
function before(record: TheRecord, given: ResolvedTree): ResolvedTree | undefined {
  return given.kind === 'artifact' ? artifactBefore(record, given) : commitBefore(record, given);
}

function artifactBefore(record: TheRecord, given: ResolvedTree): ResolvedTree {
  const differs = ({ recipe }: Standing): boolean => {
    const artifact = recipe.artifact();
    return artifact !== undefined && artifact.tree !== given.tree;
  };
  const earlier = findNewest(record, given, differs, given.build);
  if (earlier !== undefined) return resolveArtifact(record, earlier);
  throw new VarveError('usage', `no earlier artifact of ${given.recipe} differs from ${given.rev}`, {
    hints: [
      `varve diff ${given.recipe}:do_install   shows what do_install did`,
      'varve diff REV REV   compares any two',
    ],
  });
}

/** The state that a task started from; commits that are no task's (patches) are passed over. */
function commitBefore(record: TheRecord, given: ResolvedTree): ResolvedTree | undefined {
  const history = record.history(given.arch, given.recipe);
  if (history === undefined || given.commit === undefined) return undefined;
  for (let commit = history.objects.readCommit(given.commit).parents[0]; commit !== undefined;) {
    const { tree, parents, message } = history.objects.readCommit(commit);
    const task = history.readTask(commit)?.task.replace(/^.*:/, '');
    // What comes after do_install starts from the artifact, which stands in the history as a commit of its own.
    const rev =
      task !== undefined
        ? `${given.recipe}:${task}`
        : /^Artifact: /m.test(message)
          ? given.recipe
          : undefined;
    if (rev !== undefined) {
      const place = { arch: given.arch, recipe: given.recipe, objects: given.objects };
      return { kind: 'task', rev, ...place, tree, top: '', commit, ...(task === undefined ? {} : { task }) };
    }
    commit = parents[0];
  }
  return undefined;
}

function mixed(one: string, other: string): VarveError {
  return new VarveError('usage', `${one} and ${other} cannot be compared: one is a build, the other is not`, {
    hints: ['varve diff @1 @2   compares builds', 'varve diff zlib@1 zlib@2   compares artifacts'],
  });
}
