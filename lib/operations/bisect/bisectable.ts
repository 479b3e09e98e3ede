import { parseRevision, type Revision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** What can be looked at in every build: an artifact, or the WORKDIR after a task. */
export type Bisectable = Extract<Revision, { kind: 'artifact' | 'task' }> & { readonly task?: string };

/** Reads RECIPE or RECIPE:TASK, which name no build. */
export function bisectable(text: string): Bisectable {
  const revision = parseRevision(text);
  if ((revision.kind === 'artifact' || revision.kind === 'task') && revision.build === undefined)
    return revision;
  throw new VarveError('usage', `bisect takes RECIPE or RECIPE:TASK, not "${text}"`, {
    hints: ['the builds are named by --good and --bad: varve bisect zlib --good @1 --bad @9 -- COMMAND…'],
  });
}
