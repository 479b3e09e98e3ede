import { firstParents } from '../../history/first-parents.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { CommitId } from '../../terms/ids.ts';
import type { Site } from '../workdir/site.ts';

/** The results of tasks that a commit stands on, newest first. */
export function resultsBelow(site: Site, commit: CommitId | undefined): readonly TaskCommit[] {
  const history = site.history();
  return firstParents(history.objects, commit).flatMap((at) => history.readTask(at) ?? []);
}
