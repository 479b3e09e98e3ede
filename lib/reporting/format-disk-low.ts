import type { BuildEvent, WhatIsThere } from '../terms/events.ts';
import { formatHints } from './format-hints.ts';
import { formatCount, formatSize } from './format-quantity.ts';
import type { Paint } from './paint.ts';

/** Says what is scarce and what becomes of the build, what takes most room, and what would give some back. */
export function formatDiskLow(event: BuildEvent & { event: 'disk-low' }, paint: Paint): string {
  const { action, dir, what: scarce, free, limit } = event;
  const amount = (count: number): string =>
    scarce === 'bytes' ? formatSize(count) : formatCount(count, 'inode');
  const level = action === 'warn' ? paint.yellow('warning:') : paint.red('error:');
  const then = {
    warn: '',
    stop: ': no task starts any more',
    halt: ': no task starts any more, and those that run are ended',
  }[action];
  const first = `${level} ${amount(free)} free in ${dir}, where BB_DISKMON_DIRS wants ${amount(limit)}${then}\n`;
  return `${first}${formatHints(whereRoomIs(event), paint)}`;
}

/** Says that there was no room left, what takes most of it, and each way to have some. */
export function formatDiskFull(event: BuildEvent & { event: 'disk-full' }, paint: Paint): string {
  const first = `${paint.red('error:')} there was no room on the disk: ${formatSize(event.free)} free in ${event.dir} (${event.variable})\n`;
  return `${first}${formatHints([...whereRoomIs(event), ...waysToRoom(event.variable)], paint)}`;
}

function waysToRoom(variable: (BuildEvent & { event: 'disk-full' })['variable']): readonly string[] {
  switch (variable) {
    case 'ARTIFACT_DIR':
      return ['varve gc --max-size 10G, or less   keeps less in the store, as far as nothing more is needed'];
    case 'DL_DIR':
      return [];
    case 'TMPDIR':
    case 'HISTORY_DIR':
      return [
        'varve gc   what no kept build needs goes, and where the disk is full WORKDIRs that are at rest',
        'varve gc --older-than 1d, or 0h   keeps fewer builds',
        'RM_WORK = "1"   in conf/local.conf removes each WORKDIR when its tasks have run',
      ];
    default:
      return variable satisfies never;
  }
}

function whereRoomIs({ biggest = [], garbage }: WhatIsThere): readonly string[] {
  const most = biggest.map(({ kind, name, size }) => {
    const what = kind === name ? '' : kind === 'builds' ? 'history ' : `${kind} `;
    return `${what}${name} ${formatSize(size)}`;
  });
  return [
    ...(most.length === 0 ? [] : [`varve history size   what takes room here; most: ${most.join(', ')}`]),
    ...(garbage === undefined
      ? []
      : [`varve gc --dry-run   what it would free: at least ${formatSize(garbage)}`]),
  ];
}
