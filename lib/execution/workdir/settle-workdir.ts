/** What a crash left half done in a WORKDIR is brought to an end, before anything else is made of it. */
import { DamagedRepository } from '../../history/damaged-repository.ts';
import type { Snapshot } from '../../history/workplace.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { taskId, type CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { swapBack } from '../task/begin-task.ts';
import type { Site } from './site.ts';
import { show, showIfWhole } from './workdir.ts';
import { readMark, removeMark, type MovingMark, type TaskMark } from './workdir-mark.ts';

/**
 * Settles a WORKDIR. A task that was cut off has failed, and what it left is kept as its failure; a move that was cut
 * off is done again, or undone where what it went to is lost, unless a person has been in the WORKDIR since: what they
 * wrote is there to be found as edits.
 */
export function settleWorkdir(world: World, site: Site): void {
  const mark = readMark(world, site);
  if (mark === undefined) return;
  site.history().notes.settle();
  if (mark.kind === 'task' && mark.swapped) swapBack(world, site);
  if (world.fs.existsSync(site.workdir)) {
    if (mark.kind === 'moving') finishMove(world, site, mark);
    else if (!mark.swapped) keepCutOff(site, mark);
    site.history().link();
  }
  removeMark(world, site);
}

function finishMove(world: World, site: Site, { to }: MovingMark): void {
  const history = site.history();
  try {
    if (!history.isHalfMoved(site.scope, to ?? undefined)) return;
    // After a power cut the commit may be gone, and an object at any time.
    const isThere = to === null || history.holds(to);
    if (!isThere || !showIfWhole(world, site, to ?? undefined)) show(world, site, history.refs.head());
  } catch (error) {
    throw error instanceof DamagedRepository ? neitherWay(site, error) : error;
  }
}

function neitherWay(
  { recipe, workdir }: Site,
  { message, hints: [tells = ''] }: DamagedRepository,
): VarveError {
  return new VarveError(
    'usage',
    `the WORKDIR of ${recipe.name} is half way from one state to another, and neither can be read: ${message}`,
    {
      hints: [
        tells,
        `rm -r ${workdir}   removes it; then varve build -f -c unpack ${recipe.name}   begins it anew`,
      ],
    },
  );
}

function keepCutOff(site: Site, mark: TaskMark): void {
  const history = site.history();
  const head = history.refs.head();
  const stands = head === undefined ? undefined : history.readTask(head);
  const task = taskId(site.recipe.name, mark.task);
  // HEAD moves last: then the task had come to its end, and only that was not yet written down.
  if (stands?.task === task && stands.signature === mark.signature) return;
  const taken = history.snapshot(site.scope);
  history.setHead(recordedAs(site, mark, taken) ?? commitCutOff(site, mark, taken));
}

/** The commit of the task where it had got as far as that. */
function recordedAs(site: Site, { task, signature }: TaskMark, { tree }: Snapshot): CommitId | undefined {
  const candidates = [site.stamped(task, signature), site.newest(task), site.failed(task)];
  return candidates.find(
    (found) =>
      found?.signature === signature &&
      found.tree === tree &&
      site.history().applied(found.id).start === site.history().refs.head(),
  )?.id;
}

function commitCutOff(site: Site, { task, signature }: TaskMark, { tree, times }: Snapshot): CommitId {
  const history = site.history();
  const head = history.refs.head();
  const commit = history.commit({
    tree,
    parents: head === undefined ? [] : [head],
    subject: `${task}: ${site.title}`,
    trailers: [
      ['Task', taskId(site.recipe.name, task)],
      ['Signature', signature],
      ['Step', '0'.repeat(64)],
      ['Cut-Off', 'yes'],
    ],
    time: site.epoch,
  });
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(refs.failed(task), commit);
  return commit;
}
