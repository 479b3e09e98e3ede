/** Differences as patches, counts and names. */
import type {
  Difference,
  FileDifference,
  FileRename,
  FileSide,
  RecipeDifference,
} from '../operations/comparing/difference.ts';
import { formatCount } from './format-quantity.ts';
import { formatPatch } from './format-patch.ts';
import type { Paint } from './paint.ts';
import { attributesOf, contentOf, isNoise, linePatchOf, ownerOf, type Patch, patchOf } from './patch-of.ts';
import { pathFields, showPath } from './shown-path.ts';
import { firstOf } from '../terms/first-of.ts';
import { rawPath } from '../trees/raw-text.ts';

export interface DiffForm {
  readonly form: 'patch' | 'stat' | 'name-status';
  readonly paint: Paint;
  /** Names the files that differ only in noise in a line of their own, instead of showing how. */
  readonly fold?: boolean;
}

/** Names in that line at most. */
const FOLDED = 5;

/** Columns that the bars of `--stat` take at most. */
const BAR = 40;

/** Writes a difference; nothing where there is none. */
export function formatDiff(whole: Difference, { form, paint, fold = false }: DiffForm): string {
  const recipes = (whole.recipes ?? []).map((recipe) => formatRecipe(recipe, paint)).join('');
  const noise = new Set(
    fold && form !== 'name-status' ? whole.files.filter((file) => isNoise(file, whole)) : [],
  );
  const diff = { ...whole, files: whole.files.filter((file) => !noise.has(file)) };
  switch (form) {
    case 'name-status':
      return diff.files.map((file) => `${nameStatus(file)}\n`).join('');
    case 'stat':
      return recipes + formatStat(diff, paint) + formatFolded([...noise], paint);
    case 'patch':
      return (
        recipes +
        diff.files.map((file) => formatPatch(patchOf(file, diff), paint)).join('') +
        formatFolded([...noise], paint)
      );
    default:
      return form satisfies never;
  }
}

/** What to say of paths that were asked for and are nowhere: to have no difference there means nothing. */
export function describeAbsent({ from, to, recipes, absent = [] }: Difference): readonly string[] {
  const where =
    recipes !== undefined
      ? 'no recipe with another artifact has'
      : from.rev === 'nothing' || from.rev === to.rev
        ? `${to.rev} has no`
        : `neither ${from.rev} nor ${to.rev} has`;
  return absent.map((path) => `${where} ${path}`);
}

function formatFolded(files: readonly FileDifference[], paint: Paint): string {
  if (files.length === 0) return '';
  const names = files.map((file) => diffPath(file));
  const count = files.length === 1 ? '1 file differs' : `${files.length} files differ`;
  const told = `${count} only in times, build ids and build paths: ${firstOf(names, FOLDED)}; --all shows how`;
  return `${paint.dim(told)}\n`;
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
      ...(file.status === 'R' ? oldPathFields(file) : {}),
      status: file.status,
      ...(file.from === undefined ? {} : { from: sideDocument(file.from) }),
      ...(file.to === undefined ? {} : { to: sideDocument(file.to) }),
      ...contentFields(file, diff),
    })),
  };
}

function contentFields(file: FileDifference, diff: Difference): object {
  const content = file.from && file.to && contentOf(file, diff);
  return content === undefined ? {} : { content: { format: content.format, changes: content.changes } };
}

function sideDocument({ mode, size, ...rest }: FileSide): object {
  return { mode: mode.toString(8).padStart(6, '0'), size, ...rest };
}

function oldPathFields({ oldPath, similarity }: FileRename): object {
  const { path, pathBase64 } = pathFields(oldPath);
  return { oldPath: path, ...(pathBase64 === undefined ? {} : { oldPathBase64: pathBase64 }), similarity };
}

function nameStatus(file: FileDifference): string {
  if (file.status !== 'R') return `${file.status}\t${diffPath(file)}`;
  const similarity = String(file.similarity).padStart(3, '0');
  return `R${similarity}\t${diffPath(file, file.oldPath)}\t${diffPath(file)}`;
}

/** The path as a patch names it: the recipe first, where several are compared. */
function diffPath({ recipe, path }: FileDifference, of = path): string {
  return showPath(recipe === undefined ? of : `${rawPath(recipe)}/${of}`);
}

function statPath(file: FileDifference): string {
  return file.status === 'R' ? `${diffPath(file, file.oldPath)} => ${diffPath(file)}` : diffPath(file);
}

function formatRecipe(recipe: RecipeDifference, paint: Paint): string {
  const how = {
    A: 'is new',
    D: 'is gone',
    M: howMade(recipe),
  };
  const note = recipe.note === undefined ? '' : ` (${recipe.note})`;
  const where = recipe.sysroot === 'native' ? ' (native sysroot)' : '';
  return `${paint.bold(recipe.recipe)}${where} ${how[recipe.status]}${note}\n`;
}

function howMade({ artifact, note }: RecipeDifference): string {
  if (artifact) return 'has another artifact';
  return note === undefined ? 'was made another way, with the same artifact' : 'is not compared';
}

function formatStat(diff: Difference, paint: Paint): string {
  const patches = diff.files.map((file) => ({ file, patch: linePatchOf(file, diff) }));
  const most = patches.reduce((highest, { patch }) => Math.max(highest, patch.added + patch.deleted), 1);
  const width = diff.files.reduce((widest, file) => Math.max(widest, statPath(file).length), 0);
  const lines = patches.map(
    ({ file, patch }) => ` ${statPath(file).padEnd(width)} | ${statOf(file, patch, { most, paint })}\n`,
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
  if (total === 0) return unwritten(file);
  const scale = most <= BAR ? 1 : BAR / most;
  const bar = (count: number, sign: string): string =>
    sign.repeat(count === 0 ? 0 : Math.max(1, Math.round(count * scale)));
  return `${total} ${paint.green(bar(patch.added, '+'))}${paint.red(bar(patch.deleted, '-'))}`;
}

/** What is to say of a file whose content is the same on both sides, or none. */
function unwritten({ status, from, to }: FileDifference): string {
  if (status === 'A') return 'new';
  if (status === 'D') return 'deleted';
  const what = [
    ...(status === 'R' ? ['moved'] : []),
    ...(from?.mode === to?.mode ? [] : ['mode']),
    ...(ownerOf(from) === ownerOf(to) ? [] : ['owner']),
    ...(attributesOf(from) === attributesOf(to) ? [] : ['attributes']),
  ];
  return what.length === 0 ? 'another link' : what.join(', ');
}
