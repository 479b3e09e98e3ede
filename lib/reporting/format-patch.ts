/** One file's difference as a patch in git's form. */
import type { FileDifference, FileSide } from '../operations/comparing/difference.ts';
import { hunkLines } from '../trees/hunk-lines.ts';
import { modeLines } from '../trees/mode-lines.ts';
import { rawPath } from '../trees/raw-text.ts';
import { enclosedName, endedName } from '../trees/quoted-name.ts';
import { formatContent } from './format-content.ts';
import { formatSize } from './format-quantity.ts';
import type { Paint } from './paint.ts';
import { attributesOf, ownerOf, type Patch } from './patch-of.ts';
import { showPath } from './shown-path.ts';

/** Writes a patch with its header. */
export function formatPatch(patch: Patch, paint: Paint): string {
  const { file } = patch;
  const place = file.recipe === undefined ? '' : `${rawPath(file.recipe)}/`;
  const before = file.status === 'R' ? file.oldPath : file.path;
  const [a, b] = [showPath(`a/${place}${before}`), showPath(`b/${place}${file.path}`)];
  const head = [
    `diff --git ${enclosedName(a)} ${enclosedName(b)}`,
    ...modeLines(file.from?.mode, file.to?.mode),
    ...furtherLines(file, 'owner', ownerOf),
    ...furtherLines(file, 'attributes', attributesOf),
    ...renameLines(file, place),
  ];
  if (patch.kind === 'binary')
    return (
      block([...head, sizesOf(file, patch.content?.what)], [], paint) + formatContent(patch.content, paint)
    );
  if (patch.hunks.length === 0) return block(head, [], paint);
  head.push(
    `--- ${file.from === undefined ? '/dev/null' : endedName(a)}`,
    `+++ ${file.to === undefined ? '/dev/null' : endedName(b)}`,
  );
  return block(head, patch.hunks.flatMap(hunkLines), paint);
}

function block(head: readonly string[], body: readonly string[], paint: Paint): string {
  const colour = (line: string): string => {
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  };
  return [...head.map((line) => paint.bold(line)), ...body.map(colour)].map((line) => `${line}\n`).join('');
}

function renameLines(file: FileDifference, place: string): readonly string[] {
  if (file.status !== 'R') return [];
  return [
    `similarity index ${file.similarity}%`,
    `rename from ${showPath(`${place}${file.oldPath}`)}`,
    `rename to ${showPath(`${place}${file.path}`)}`,
  ];
}

/** In git's manner; git itself knows none of these. */
function furtherLines(
  { from, to }: FileDifference,
  word: string,
  of: (side: FileSide | undefined) => string,
): readonly string[] {
  const [old, now, none] = [of(from), of(to), of(undefined)];
  if (from === undefined) return now === none ? [] : [`new file ${word} ${now}`];
  if (to === undefined) return old === none ? [] : [`deleted file ${word} ${old}`];
  return old === now ? [] : [`old ${word} ${old}`, `new ${word} ${now}`];
}

function sizesOf({ from, to }: FileDifference, what = 'binary files'): string {
  if (from === undefined) return `binary file of ${formatSize(to?.size ?? 0)}`;
  if (to === undefined) return `binary file of ${formatSize(from.size)}`;
  return `${what} differ: ${formatSize(from.size)} before, ${formatSize(to.size)} after`;
}
