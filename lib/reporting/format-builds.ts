import type { BuildRow } from '../operations/list-builds.ts';
import { endOfBuild, paintEnd, type EndOfBuild } from './end-of-build.ts';
import { formatCounts } from './build-lines.ts';
import { formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { Paint } from './paint.ts';

/** Lists builds, the newest last, where the eye is. */
export function formatBuildList(builds: readonly BuildRow[], paint: Paint): string {
  if (builds.length === 0) return 'no builds yet\n';
  const rows = builds.map((row) => [
    String(row.build),
    formatTime(Date.parse(row.time)),
    endOfBuild(row),
    row.name === undefined ? '' : `@${row.name}`,
    [...row.targets, ...row.options].join(' '),
    row.counts === undefined ? '' : formatCounts(row.counts),
    row.edited === undefined ? '' : `with edits: ${row.edited.join(', ')}`,
  ]);
  return formatTable(rows).replaceAll(
    /^(\d+ +\S+ \S+ +)(ok|interrupted|failed)/gm,
    (_, before: string, end: string) => before + paintEnd(end as EndOfBuild, paint),
  );
}
