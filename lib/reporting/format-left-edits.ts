import type { LeftEdits } from '../operations/comparing/left-edits.ts';
import type { Difference } from '../operations/comparing/difference.ts';
import { formatDiff } from './format-diff.ts';
import { formatPatch } from './format-patch.ts';
import { formatCount } from './format-quantity.ts';
import type { Paint } from './paint.ts';
import { patchOf } from './patch-of.ts';

/** Files in the list, and lines of the patch: together about a screen. */
const [MOST_FILES, MOST_LINES] = [10, 30];

/** Tells what a shell changed, a screen of it at most, and what can be done with it. */
export function formatLeftEdits({ recipe, isUnpatched, difference }: LeftEdits, paint: Paint): string {
  const hints = [
    [`varve diff ${recipe}:edited`, 'shows them'],
    ...(isUnpatched ? [] : [[`varve build -f -c compile ${recipe}`, 'goes on with them']]),
    [`varve edit finish ${recipe}`, 'makes patches of them'],
    [`varve edit drop ${recipe}`, 'puts the WORKDIR back'],
  ].map(([command, does]) => `hint: ${command}   ${does}`);
  const changed = difference === undefined || difference.files.length === 0 ? [] : shown(difference, paint);
  return ['note: the WORKDIR has edits now', ...changed, ...hints].map((line) => `${line}\n`).join('');
}

/** All files, as `--stat` has them; of those that are text the patch. */
function shown(difference: Difference, paint: Paint): readonly string[] {
  const files = linesOf(formatDiff(difference, { form: 'stat', paint }));
  const texts = difference.files
    .map((file) => patchOf(file, difference))
    .filter((patch) => patch.kind === 'text' && patch.hunks.length > 0);
  const patch = texts.flatMap((text) => linesOf(formatPatch(text, paint)));
  return [
    ...bounded(files.slice(0, -1), { most: MOST_FILES, noun: 'file' }),
    ...files.slice(-1),
    ...bounded(patch, { most: MOST_LINES, noun: 'line' }),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

function bounded(
  lines: readonly string[],
  { most, noun }: { readonly most: number; readonly noun: string },
): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), ` … and ${formatCount(lines.length - most + 1, `more ${noun}`)}`];
}
