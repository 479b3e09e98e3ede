import type { TextFound } from '../operations/lineage/find-text.ts';
import type { LogRow } from '../operations/lineage/log-revision.ts';
import { formatBuilds, formatDuration } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { pathFields, showPath } from './shown-path.ts';

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
  const lines = table.replaceAll(/ failed /g, () => ` ${paint.red('failed')} `).split('\n');
  const below = ({ path, found = [] }: LogRow): readonly string[] => [
    ...(path === undefined ? [] : [`  as ${printable(path)}`]),
    ...foundLines(found),
  ];
  return rows.map((row, i) => [lines[i], ...below(row), ''].join('\n')).join('');
}

/** A row as `--json` tells it. */
export function logDocument({ found, ...row }: LogRow): object {
  return {
    ...row,
    ...(found && { found: found.map(({ path, from, to }) => ({ ...pathFields(path), from, to })) }),
  };
}

/** Files of a row that are told at most. */
const TOLD = 20;

function foundLines(found: readonly TextFound[]): readonly string[] {
  const lines = found.slice(0, TOLD).map(({ path, from, to }) => {
    const count = to > from ? `+${to - from}` : `-${from - to}`;
    return `  ${count} in ${showPath(path)}`;
  });
  return found.length > TOLD ? [...lines, `  and ${found.length - TOLD} more files`] : lines;
}
