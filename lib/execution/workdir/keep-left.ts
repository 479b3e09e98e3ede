/** Nothing that a person or a crash left in a WORKDIR is lost: it is in the record before anything is put back. */
import type { World } from '../../ports/world.ts';
import type { CommitId, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { findLeft, findUnfinished, keptEdits, type Left } from './find-left.ts';
import { settleWorkdir } from './settle-workdir.ts';
import type { Site } from './site.ts';

/** As it is before anything is kept. */
export type ForeseenLeft = Exclude<Left, { kind: 'put-back' }>;

export type KeptLeft = Exclude<ForeseenLeft, { kind: 'new-edits' }>;

/** What `keepLeft` would find; writes nothing. */
export function foreseeLeft(world: World, site: Site): ForeseenLeft | undefined {
  const left = findLeft(world, site);
  return left?.kind === 'put-back' ? undefined : left;
}

/**
 * Commits edits as `edited@<n>`, and what a crash cut off as that task's failure; undefined where nothing was left. What an
 * unfinished task left is kept as edits too where a person may have typed meanwhile: the next failure takes its name.
 */
export function keepLeft(world: World, site: Site): KeptLeft | undefined {
  if (site.hasHistory()) settleWorkdir(world, site);
  // Without a history nothing in the WORKDIR is known: all of it is kept.
  if (world.fs.existsSync(site.workdir)) site.history();
  const left = findLeft(world, site);
  if (left?.kind === 'put-back') {
    standAt(site, left.commit);
    return keepLeft(world, site);
  }
  const unfinished = left?.kind === 'new-edits' ? findUnfinished(site) : left;
  if (unfinished?.kind === 'unfinished' && unfinished.typed !== 'no') keepAsEdits(site, unfinished.commit);
  if (left?.kind !== 'new-edits') return left;
  const kept = commitEdits(site);
  // What tasks made can be made again, what a person typed cannot: not even a power cut takes it.
  world.sync(site.history().gitDir);
  return { kind: 'edits', ...kept };
}

/** Moves HEAD to what the WORKDIR shows. */
function standAt(site: Site, commit: CommitId): void {
  const history = site.history();
  // So that git knows of each file, too.
  history.snapshot(site.scope);
  history.setHead(commit);
  history.link();
}

/** Keeps a state that builds go on with as `edited@<n>`, if it is not kept yet. */
export function keepAsEdits(site: Site, commit: CommitId): void {
  if (!keptEdits(site.history()).has(commit))
    site.history().refs.write(refs.edited(nextNumber(site)), commit);
}

function nextNumber(site: Site): number {
  return Math.max(0, ...keptEdits(site.history()).values()) + 1;
}

function commitEdits(site: Site): {
  readonly commit: CommitId;
  readonly tree: TreeId;
  readonly number: number;
} {
  const history = site.history();
  const head = history.refs.head();
  const { tree, times } = history.snapshot(site.scope);
  const commit = history.commit({
    tree,
    parents: head === undefined ? [] : [head],
    subject: `edited: ${site.title}`,
    trailers: [['Edited', 'yes']],
    time: site.epoch,
  });
  // A crash may have come after the name and before HEAD; what was typed before, and again now, is the newest once more.
  const next = nextNumber(site);
  const number = keptEdits(site.history()).get(commit) === next - 1 ? next - 1 : next;
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(refs.edited(number), commit);
  history.setHead(commit);
  return { commit, tree, number };
}
