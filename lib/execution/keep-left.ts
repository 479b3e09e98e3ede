/** Nothing that a person or a crash left in a WORKDIR is lost: it is in the record before anything is put back. */
import type { World } from '../ports/world.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { findLeft, keptEdits, type Left } from './find-left.ts';
import { readMark, removeMark, swapBack, type RunningMark } from './running-mark.ts';
import type { Site } from './site.ts';

export type KeptLeft = Exclude<Left, { kind: 'new-edits' }>;

/** Commits edits as `edited@<n>`, and what a crash cut off as that task's failure; undefined where nothing was left. */
export function keepLeft(world: World, site: Site): KeptLeft | undefined {
  const mark = readMark(world, site);
  if (mark !== undefined) {
    if (mark.swapped) swapBack(world, site);
    else if (world.fs.existsSync(site.workdir)) keepCutOff(site, mark);
    removeMark(world, site);
  }
  // Without a history nothing in the WORKDIR is known: all of it is kept.
  if (world.fs.existsSync(site.workdir)) site.history();
  const left = findLeft(world, site);
  if (left?.kind !== 'new-edits') return left;
  const number = nextNumber(site);
  const kept = commitWorkdir(site, {
    ref: refs.edited(number),
    subject: `edited: ${site.title}`,
    trailers: [['Edited', 'yes']],
  });
  // What tasks made can be made again, what a person typed cannot: not even a power cut takes it.
  world.sync(site.history().gitDir);
  return { kind: 'edits', ...kept, number };
}

/** Keeps a state that builds go on with as `edited@<n>`, if it is not kept yet. */
export function keepAsEdits(site: Site, commit: CommitId): void {
  if (!keptEdits(site).has(commit)) site.history().refs.write(refs.edited(nextNumber(site)), commit);
}

function nextNumber(site: Site): number {
  return Math.max(0, ...keptEdits(site).values()) + 1;
}

function keepCutOff(site: Site, { task, signature }: RunningMark): void {
  commitWorkdir(site, {
    ref: refs.failed(task),
    subject: `${task}: ${site.title}`,
    trailers: [
      ['Task', `${site.recipe.name}:${task}`],
      ['Signature', signature],
      ['Step', '0'.repeat(64)],
      ['Cut-Off', 'yes'],
    ],
  });
}

interface Naming {
  readonly ref: string;
  readonly subject: string;
  readonly trailers: readonly (readonly [string, string])[];
}

function commitWorkdir(
  site: Site,
  { ref, ...naming }: Naming,
): { readonly commit: CommitId; readonly tree: TreeId } {
  const history = site.history();
  const head = history.refs.head();
  const { tree, times } = history.snapshot(site.scope);
  const parents = head === undefined ? [] : [head];
  const commit = history.commit({ tree, parents, ...naming, time: site.epoch });
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(ref, commit);
  history.setHead(commit);
  return { commit, tree };
}
