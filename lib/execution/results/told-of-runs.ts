import { toldRuns } from '../../history/told-runs.ts';
import type { CommitId } from '../../terms/ids.ts';
import type { RunRecord } from '../../terms/run-record.ts';
import type { BuildContext } from '../build-context.ts';
import type { Site } from '../workdir/site.ts';

/** The runs that made a commit, oldest first; a note on them that cannot be read is warned of. */
export function toldOfRuns(
  { emit }: Pick<BuildContext, 'emit'>,
  site: Site,
  commit: CommitId,
): readonly RunRecord[] {
  const told = toldRuns(site.gitDir, site.history().notes);
  const runs = told.of(commit);
  for (const text of told.unread())
    emit({ event: 'message', level: 'warning', about: site.recipe.name, text });
  return runs;
}
