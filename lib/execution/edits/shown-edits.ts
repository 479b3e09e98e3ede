import { firstParents } from '../../history/first-parents.ts';
import type { ForeseenLeft } from '../workdir/keep-left.ts';
import type { Site } from '../workdir/site.ts';
import type { Editing } from './editing.ts';

export type EditedState = Pick<Editing, 'commit' | 'tree'>;

/**
 * The edits as the WORKDIR shows them, which `build -f`, `edit finish` and `edit drop` go by; undefined where it shows none.
 * What was edited while a task ran is in what that task left, whether it came to its end or not.
 */
export function shownEdits(
  site: Site,
  left: ForeseenLeft | undefined,
  standing: Editing | undefined,
): EditedState | undefined {
  const isTheirs = left?.kind !== 'unfinished' || left.typed !== 'no';
  if (left?.commit !== undefined && isTheirs) return { commit: left.commit, tree: left.tree };
  const head = site.head();
  return head !== undefined && standsOn(site, standing)
    ? { commit: head, tree: site.history().objects.readCommit(head).tree }
    : undefined;
}

/** Whether the WORKDIR stands on the edits that are in force. */
export function standsOn(site: Site, standing: Editing | undefined): boolean {
  return (
    standing !== undefined && firstParents(site.history().objects, site.head()).includes(standing.commit)
  );
}
