import { relative } from 'node:path';
import type { Finished } from '../operations/finish-edits.ts';

import { pathFields, showPath } from './shown-path.ts';

/** Tells what was written, what was not, and what comes next. */
export function formatFinished({ recipe, patches, changed, left, kept }: Finished, cwd: string): string {
  const fromHere = (path: string): string =>
    [path, relative(cwd, path)].toSorted((a, b) => a.length - b.length)[0] ?? path;
  const [one] = left;
  return [
    ...patches.map(
      ({ file }) => `${changed === undefined ? 'was written already:' : 'wrote'} ${fromHere(file)}`,
    ),
    ...(changed === undefined ? [] : [`changed ${fromHere(changed)}`]),
    ...left.map(({ path, why }) => `left out: ${showPath(path)} (${why})`),
    ...(one === undefined
      ? []
      : [`they stay in the record: varve diff ${recipe}:${kept.at(-1) ?? 'edited'}`]),
    `next: varve build ${recipe}`,
    '',
  ].join('\n');
}

/** The same for programs. */
export function finishedDocument({ left, ...rest }: Finished): object {
  return { schema: 1, ...rest, left: left.map(({ path, why }) => ({ ...pathFields(path), why })) };
}
