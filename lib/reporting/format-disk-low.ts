import type { BuildEvent } from '../terms/events.ts';
import { formatHints } from './format-hints.ts';
import { formatCount, formatSize } from './format-quantity.ts';
import type { Paint } from './paint.ts';

/** Says what is scarce and what becomes of the build, what takes most room, and what would give some back. */
export function formatDiskLow(event: BuildEvent & { event: 'disk-low' }, paint: Paint): string {
  const { action, dir, what: scarce, free, limit, biggest = [], garbage } = event;
  const amount = (count: number): string =>
    scarce === 'bytes' ? formatSize(count) : formatCount(count, 'inode');
  const level = action === 'warn' ? paint.yellow('warning:') : paint.red('error:');
  const then = {
    warn: '',
    stop: ': no task starts any more',
    halt: ': no task starts any more, and those that run are ended',
  }[action];
  const first = `${level} ${amount(free)} free in ${dir}, where BB_DISKMON_DIRS wants ${amount(limit)}${then}\n`;
  const most = biggest.map(({ kind, name, size }) => {
    const what = kind === name ? '' : kind === 'builds' ? 'history ' : `${kind} `;
    return `${what}${name} ${formatSize(size)}`;
  });
  const hints = [
    ...(most.length === 0 ? [] : [`varve history size   what takes room here; most: ${most.join(', ')}`]),
    ...(garbage === undefined
      ? []
      : [`varve gc --dry-run   what it would free: at least ${formatSize(garbage)}`]),
  ];
  return `${first}${formatHints(hints, paint)}`;
}
