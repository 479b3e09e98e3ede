import type { LogRow } from '../operations/log-revision.ts';
import { formatBuilds, formatDuration } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { Paint } from './paint.ts';

/** Lists task commits: what each did, how long it took, and in which builds the recipe stood on it. */
export function formatLog(rows: readonly LogRow[], paint: Paint): string {
  if (rows.length === 0)
    return 'no task commits: its result came from the artifact store, or nothing matches\n';
  const table = formatTable(
    rows.map(({ task, commit, builds, ok, durationMs, files }) => [
      task,
      (commit ?? '').slice(0, 12),
      ok ? '' : 'failed',
      `+${files.added}`,
      `~${files.modified}`,
      `-${files.deleted}`,
      durationMs === undefined ? '' : formatDuration(durationMs),
      builds.length === 0 ? '' : `${builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(builds)}`,
    ]),
  );
  return table.replaceAll(/ failed /g, () => ` ${paint.red('failed')} `);
}
