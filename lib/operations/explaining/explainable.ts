import type { Revision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { TheRecord } from '../record/open-record.ts';
import { resolveTreeRevision } from '../record/resolve-revision.ts';

/** What can be explained: a build, or a task in one. */
export type Explainable = Exclude<Revision, { kind: 'failed' | 'edited' }>;

/** A failure is the task in the build where it failed; edits are no task's. Throws where the record has no such thing. */
export function explainable(record: TheRecord, revision: Revision): Explainable {
  if (revision.kind !== 'failed' && revision.kind !== 'edited') return revision;
  const { rev, arch, recipe, commit } = resolveTreeRevision(record, revision);
  if (revision.kind === 'edited') {
    throw new VarveError('usage', `${rev} is what a person typed: no task made it`, {
      hints: [`varve log ${recipe}   has the edits among what tasks did`],
    });
  }
  const runs = commit === undefined ? [] : (record.history(arch, recipe)?.runs.of(commit) ?? []);
  const failure = runs.findLast(({ ok }) => !ok);
  if (failure === undefined) throw new VarveError('usage', `nobody noted in which build ${rev} failed`);
  return { kind: 'task', arch, recipe, task: revision.task, build: String(failure.build) };
}
