import type { CollectedArtifact, CollectedArtifacts } from '../operations/housekeeping/collect-artifacts.ts';
import type { CollectedCaches } from '../operations/housekeeping/collect-caches.ts';
import type { GivenUpWorkdirs } from '../operations/housekeeping/give-up-workdirs.ts';
import type { CollectedGarbage } from '../operations/collect-garbage.ts';
import { formatBuilds, formatCount, formatSize, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { View } from './view.ts';

const ROOM_BY_BUILDS =
  'varve gc --older-than 1d, or 0h, makes more room by keeping fewer builds; the newest stays, and the newest success and failure of each recipe\n';

/** Recipes that are told by name. */
const SHOWN = 5;

/** Tells what went and what stays; with every archive where nothing was removed yet, or where more is asked for. */
export function formatGarbage(garbage: CollectedGarbage, { verbose, quiet }: View): string {
  if (quiet) return '';
  const { dryRun, artifacts, caches, builds, histories, workdirs } = garbage;
  const rows = dryRun || verbose ? formatTable(artifacts.removed.map(rowOf)) : '';
  const archives = `${rows}${summary(artifacts, dryRun)}${whyMore(artifacts)}`;
  const wantsRoom = histories.uncompressed.length > 0 || workdirs !== undefined;
  return [
    formatRecord(garbage),
    archives,
    formatCaches(caches, dryRun),
    ...(workdirs === undefined ? [] : [formatWorkdirs(workdirs, dryRun)]),
    ...(wantsRoom && builds.kept.length > 1 ? [ROOM_BY_BUILDS] : []),
  ].join('');
}

function formatWorkdirs({ removed, freed, held }: GivenUpWorkdirs, dryRun: boolean): string {
  const done = dryRun ? 'would be removed' : 'removed';
  const names =
    removed.length > SHOWN
      ? formatCount(removed.length, 'recipe')
      : removed.map(({ recipe }) => recipe).join(', ');
  const gone =
    removed.length === 0
      ? 'the disk is full, and no WORKDIR is at rest\n'
      : `the disk is full: WORKDIRs of ${names} (${formatSize(freed)}) ${done}; they are recorded, and builds make again what they need of them\n`;
  return `${gone}${formatHeld(held)}`;
}

/** What takes room and goes only where a person says so. */
function formatHeld(held: GivenUpWorkdirs['held']): string {
  if (held.length === 0) return '';
  const lines = held
    .slice(0, SHOWN)
    .map(({ recipe, size, by }) => `the WORKDIR of ${recipe} (${formatSize(size)}) stays: ${by}\n`);
  const more = held.length > SHOWN ? `and ${held.length - SHOWN} more\n` : '';
  return `${lines.join('')}${more}varve clean RECIPE   records what is in such a WORKDIR, then removes it\n`;
}

/** Builds that leave the record, and what histories are smaller by that. */
function formatRecord({ dryRun, builds, histories }: CollectedGarbage): string {
  const { kept, dropped } = builds;
  if (kept.length === 0) return '';
  const drop = dryRun ? 'would be dropped' : 'dropped';
  const told =
    dropped.length === 0
      ? kept.length === 1
        ? 'the only build stays'
        : `all ${kept.length} builds stay`
      : `${dropped.length === 1 ? 'build' : 'builds'} ${formatBuilds(dropped)} ${drop}, ${kept.length} stay`;
  const { freed, size, maxSize = Infinity, uncompressed, readers } = histories;
  // How much better compression makes it is not known before.
  const smaller = dryRun
    ? `would be at least ${formatSize(freed)} smaller`
    : `are ${formatSize(freed)} smaller (${formatSize(size)})`;
  const more = [
    ...(size > maxSize ? [alwaysStays(maxSize)] : []),
    ...uncompressed.map((gitDir) => `there was no room to compress ${gitDir}\n`),
    ...readers.map((who) => `${who} reads the record: until that ends nothing of it goes\n`),
  ].join('');
  return `${told}; histories ${smaller}\n${more}`;
}

function alwaysStays(maxSize: number): string {
  return `that is more than ${formatSize(maxSize)}: builds with a name, the newest one, and the newest success and failure of each recipe always stay\n`;
}

function formatCaches({ removed, freed }: CollectedCaches, dryRun: boolean): string {
  if (removed === 0) return '';
  const done = dryRun ? 'would be removed' : 'removed';
  return `${formatCount(removed, 'file')} (${formatSize(freed)}) of tmp/cache ${done}\n`;
}

function rowOf({ of, sha256, size, lastUsed }: CollectedArtifact): readonly string[] {
  const [first] = of;
  const name =
    first === undefined ? `archive ${sha256.slice(0, 12)}, of nothing` : `${first.recipe} ${first.version}`;
  const task = first === undefined || first.task === 'do_install' ? '' : first.task;
  const others = of.length > 1 ? `and ${of.length - 1} more of the same content` : '';
  return [name, task, formatSize(size), `last used ${formatTime(lastUsed)}`, others];
}

function summary({ removed, broken, freed, kept, size }: CollectedArtifacts, dryRun: boolean): string {
  const gone = [
    ...(removed.length > 0 || broken === 0
      ? [`${formatCount(removed.length, 'archive')} (${formatSize(freed)})`]
      : []),
    ...(broken > 0 ? [formatCount(broken, 'entry without an archive', 'entries without an archive')] : []),
  ];
  const done = dryRun ? 'would be removed' : 'removed';
  return `${gone.join(' and ')} ${done}, ${formatCount(kept, 'archive')} (${formatSize(size)}) ${dryRun ? 'would stay' : 'stay'}\n`;
}

function whyMore({ size, maxSize }: CollectedArtifacts): string {
  if (maxSize === undefined || size <= maxSize) return '';
  return `that is more than ${formatSize(maxSize)}: the rest is in use, or recorded builds have it nowhere else\n`;
}
