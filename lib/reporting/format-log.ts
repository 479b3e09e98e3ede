import type { TextFound } from '../operations/lineage/find-text.ts';
import type { LogRow } from '../operations/lineage/log-row.ts';
import { formatBuilds, formatDuration, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { pathFields, showPath } from './shown-path.ts';

/**
 * Lists task commits: what each did, since when it is there, how long it took, and in which builds the recipe stood on it. `sought` names the paths
 * or the text that were asked for.
 */
export function formatLog(
  rows: readonly LogRow[],
  { paint, sought }: { readonly paint: Paint; readonly sought?: string | undefined },
): string {
  if (rows.length === 0)
    return sought === undefined
      ? 'no task commits: its result came from the artifact store\n'
      : `no task commit changed ${sought}\n`;
  const table = formatTable(
    rows.map(({ commit, builds, since, durationMs, files, ...row }) => [
      nameOf(row),
      (commit ?? '').slice(0, 12),
      howMade(row),
      `+${files.added}`,
      `~${files.modified}`,
      `-${files.deleted}`,
      since === undefined ? '' : formatTime(Date.parse(since)),
      durationMs === undefined ? '' : formatDuration(durationMs),
      builds.length === 0 ? '' : `${builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(builds)}`,
    ]),
  );
  const lines = table.replaceAll(/ failed /g, () => ` ${paint.red('failed')} `).split('\n');
  return rows.map((row, i) => [lines[i], ...linesBelow(row), ''].join('\n')).join('');
}

function nameOf({ recipe, task, edits }: Pick<LogRow, 'recipe' | 'task' | 'edits'>): string {
  const name = edits === undefined ? task : `${task}@${edits}`;
  return recipe === undefined ? name : `${recipe}:${name}`;
}

function howMade({ ok, restored, edited }: Pick<LogRow, 'ok' | 'restored' | 'edited'>): string {
  const how = restored ? ['restored'] : ok ? [] : ['failed'];
  return [...how, ...(edited ? ['with edits'] : [])].join(' ');
}

/** A row as `--json` tells it. */
export function logDocument({ path, copies, staged, found, ...row }: LogRow): object {
  return {
    ...row,
    ...(path !== undefined && pathFields(path)),
    ...(copies && { copies: copies.map(pathFields) }),
    ...(staged && { staged: staged.map(pathFields) }),
    ...(found && {
      found: found.map((each) => ({ ...pathFields(each.path), from: each.from, to: each.to })),
    }),
  };
}

function linesBelow({ path, patches = [], copies = [], staged = [], found = [] }: LogRow): readonly string[] {
  return [
    ...(path === undefined ? [] : [`  as ${showPath(path)}`]),
    ...patches.map((patch) => `  by ${printable(patch)}`),
    ...copies.map((each) => `  copied to ${showPath(each)}`),
    ...staged.map((each) => `  in its sysroot as ${showPath(each)}`),
    ...foundLines(found),
  ];
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
