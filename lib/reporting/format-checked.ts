import type { CheckedRecord } from '../operations/check-record.ts';
import { formatHints } from './format-hints.ts';
import { formatCount } from './format-quantity.ts';
import type { View } from './view.ts';

/** Shown without `-v`: where a disk dies, the first few say it. */
const SHOWN = 20;

/** Tells how the record is: what is damaged and what to do, what is not here, and how much was looked at. */
export function formatChecked(checked: CheckedRecord, { paint, verbose, quiet }: View): string {
  const { damaged } = checked;
  const shown = verbose ? damaged : damaged.slice(0, SHOWN);
  const lines = shown.map(({ place, what }) => `${paint.bold(place)}: ${what}\n`);
  const rest = damaged.length - shown.length;
  const more = rest === 0 ? '' : `and ${rest} more: varve fsck -v\n`;
  const hints = formatHints([...new Set(shown.flatMap((finding) => finding.hints))], paint);
  const facts = quiet ? '' : notHere(checked);
  return `${lines.join('')}${more}${facts}${quiet && damaged.length === 0 ? '' : summary(checked)}${hints}`;
}

function notHere(checked: CheckedRecord): string {
  const { withoutHistory, withoutNames } = checked;
  const { inHistory, other, gone, withoutArchive } = checked.artifacts;
  const lines = [
    inHistory > 0 && `${formatCount(inHistory, 'artifact')} not in the store, but in histories`,
    other > 0 && `${formatCount(other, 'artifact')} not reproducible: the store has another content`,
    withoutArchive > 0 &&
      `${formatCount(withoutArchive, 'artifact')} in the store without an archive: a build that needs one makes it anew`,
    gone > 0 && `${formatCount(gone, 'artifact')} that builds name not here: on a mirror only, or removed`,
    withoutHistory.length > 0 && `no history here of ${withoutHistory.join(', ')}`,
    withoutNames.length > 0 &&
      `no names in the history of ${withoutNames.join(', ')}: builds name again what they need, varve gc edits and notes`,
  ];
  return lines.flatMap((line) => (line === false ? [] : [`${line}\n`])).join('');
}

function summary({ checked, damaged }: CheckedRecord): string {
  const { histories, objects, names, notes, builds, artifacts } = checked;
  const counts = [
    formatCount(histories, 'history', 'histories'),
    formatCount(builds, 'build'),
    formatCount(objects, 'object'),
    formatCount(names, 'name'),
    formatCount(notes, 'note'),
    formatCount(artifacts, 'artifact'),
  ];
  const state = damaged.length === 0 ? 'all whole' : `${formatCount(damaged.length, 'damage')} found`;
  return `${counts.join(', ')}: ${state}\n`;
}
