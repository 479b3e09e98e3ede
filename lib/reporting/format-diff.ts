/** Differences as patches, counts and names. */
import type { Difference, FileDifference, FileSide, RecipeDifference } from '../operations/difference.ts';
import { formatCount } from './format-quantity.ts';
import { formatPatch, type Patch, patchOf } from './format-patch.ts';
import type { Paint } from './paint.ts';
import { pathFields, showPath } from './shown-path.ts';

export interface DiffForm {
  readonly form: 'patch' | 'stat' | 'name-status';
  readonly paint: Paint;
}

/** Columns that the bars of `--stat` take at most. */
const BAR = 40;

/** Writes a difference; nothing where there is none. */
export function formatDiff(diff: Difference, { form, paint }: DiffForm): string {
  const recipes = (diff.recipes ?? []).map((recipe) => formatRecipe(recipe, paint)).join('');
  switch (form) {
    case 'name-status':
      return diff.files.map((file) => `${file.status}\t${diffPath(file)}\n`).join('');
    case 'stat':
      return recipes + formatStat(diff, paint);
    case 'patch':
      return recipes + diff.files.map((file) => formatPatch(patchOf(file, diff.read), paint)).join('');
    default:
      return form satisfies never;
  }
}

/** The difference as `--json` tells it. */
export function diffDocument(diff: Difference): object {
  return {
    schema: 1,
    from: diff.from,
    to: diff.to,
    ...(diff.recipes === undefined ? {} : { recipes: diff.recipes }),
    files: diff.files.map((file) => ({
      ...(file.recipe === undefined ? {} : { recipe: file.recipe }),
      ...pathFields(file.path),
      status: file.status,
      ...(file.from === undefined ? {} : { from: sideDocument(file.from) }),
      ...(file.to === undefined ? {} : { to: sideDocument(file.to) }),
    })),
  };
}

function sideDocument(side: FileSide): object {
  const oid = side.oid === undefined ? {} : { oid: side.oid };
  return { mode: side.mode.toString(8).padStart(6, '0'), ...oid, size: side.size };
}

/** The path as a patch names it: the recipe first, where several are compared. */
function diffPath(file: FileDifference): string {
  return showPath(file.recipe === undefined ? file.path : `${file.recipe}/${file.path}`);
}

function formatRecipe(recipe: RecipeDifference, paint: Paint): string {
  const how = {
    A: 'is new',
    D: 'is gone',
    M: recipe.artifact ? 'has another artifact' : 'was made another way, with the same artifact',
  };
  const note = recipe.note === undefined ? '' : ` (${recipe.note})`;
  return `${paint.bold(recipe.recipe)} ${how[recipe.status]}${note}\n`;
}

function formatStat(diff: Difference, paint: Paint): string {
  const patches = diff.files.map((file) => ({ file, patch: patchOf(file, diff.read) }));
  const most = Math.max(1, ...patches.map(({ patch }) => patch.added + patch.deleted));
  const width = Math.max(0, ...diff.files.map((file) => diffPath(file).length));
  const lines = patches.map(
    ({ file, patch }) => ` ${diffPath(file).padEnd(width)} | ${statOf(file, patch, { most, paint })}\n`,
  );
  if (lines.length === 0) return '';
  const added = patches.reduce((sum, { patch }) => sum + patch.added, 0);
  const deleted = patches.reduce((sum, { patch }) => sum + patch.deleted, 0);
  return `${lines.join('')} ${formatCount(diff.files.length, 'file')} changed, ${formatCount(added, 'line')} added, ${formatCount(deleted, 'line')} deleted\n`;
}

function statOf(
  file: FileDifference,
  patch: Patch,
  { most, paint }: { readonly most: number; readonly paint: Paint },
): string {
  if (patch.kind === 'binary') return `${file.from?.size ?? 0} -> ${file.to?.size ?? 0} bytes`;
  const total = patch.added + patch.deleted;
  if (total === 0) return file.status === 'A' ? 'new' : file.status === 'D' ? 'deleted' : 'mode';
  const scale = most <= BAR ? 1 : BAR / most;
  const bar = (count: number, sign: string): string =>
    sign.repeat(count === 0 ? 0 : Math.max(1, Math.round(count * scale)));
  return `${total} ${paint.green(bar(patch.added, '+'))}${paint.red(bar(patch.deleted, '-'))}`;
}
