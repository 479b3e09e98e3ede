import type { RecipeRow } from '../operations/list-recipes.ts';
import { groupBy } from '../terms/group-by.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { VarveError } from '../terms/varve-error.ts';
import { formatHints } from './format-hints.ts';
import { formatError, type ErrorView } from './report-error.ts';
import { firstOf } from '../terms/first-of.ts';

/** How many recipes with one error are named below it. */
const NAMED = 8;
/** Of a line of names, so that it is no longer than a terminal's. */
const WIDTH = 90;

type Unreadable = RecipeRow & { readonly error: VarveError };

/** Writes what is wrong with recipes, what most of them have first, and the BBMASK that leaves them all out. */
export function formatUnreadable(recipes: readonly RecipeRow[], view: ErrorView): string {
  const unreadable = recipes.filter((row): row is Unreadable => row.error !== undefined);
  if (unreadable.length === 0) return '';
  const kinds = [...groupBy(unreadable, ({ error }) => error.message).values()].toSorted(
    (a, b) => b.length - a.length,
  );
  return kinds.map((rows) => formatKind(rows, view)).join('') + formatMask(unreadable, view);
}

/** The first in full; of the others, which have the same, the names. */
function formatKind([first, ...others]: readonly Unreadable[], view: ErrorView): string {
  if (first === undefined) return '';
  const names = others.map(({ name }) => name);
  const same = names.length === 0 ? '' : `  the same in ${firstOf(names, NAMED)}\n`;
  return `${formatError(first.error, view)}${same}`;
}

/** Several stand at the start of their lines, as a statement has to in the file that it is copied into. */
function formatMask(unreadable: readonly Unreadable[], { paint }: ErrorView): string {
  const masks = unreadable.map(({ file }) => maskOf(file)).toSorted(byCodeUnit);
  const lead = 'in conf/local.conf this leaves them out:';
  return masks.length === 1
    ? formatHints([`${lead} BBMASK += "${masks[0] ?? ''}"`], paint)
    : `${formatHints([lead], paint)}BBMASK += " \\\n${filled(masks).join('')}"\n`;
}

/** A directory and its file are enough to know a recipe by. In BBMASK a point stands for any letter, and a blank ends a pattern. */
function maskOf(file: string): string {
  const [directory = '', name = ''] = file.split('/').slice(-2);
  return `/${directory}/${name}`.replaceAll(/[\s"+*?^${}()|[\]\\]/g, '.');
}

function filled(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? undefined : `${lines.at(-1) ?? ''} ${word}`;
    if (longer === undefined || longer.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => `  ${line} \\\n`);
}
