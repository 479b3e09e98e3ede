import { relative } from 'node:path';
import type { LeftOut } from '../operations/editing/edits-as-patches.ts';
import type { Finished } from '../operations/finish-edits.ts';

import { pathFields, showPath } from './shown-path.ts';

/** What may be a source for all that varve knows. */
const ALSO: ReadonlySet<LeftOut['why']> = new Set(['new', 'made by a task']);

/** Tells what was written, what was not, and what comes next. */
export function formatFinished(
  { recipe, patches, changed, created, rewrote = [], isRewritten, left, kept }: Finished,
  cwd: string,
): string {
  const fromHere = (path: string): string =>
    [path, relative(cwd, path)].toSorted((a, b) => a.length - b.length)[0] ?? path;
  const [one] = left;
  return [
    ...rewrote.map((file) => `rewrote ${fromHere(file)}`),
    ...patches.map(
      ({ file }) => `${changed === undefined ? 'was written already:' : 'wrote'} ${fromHere(file)}`,
    ),
    ...(changed === undefined ? [] : [`${created ? 'wrote' : 'changed'} ${fromHere(changed)}`]),
    ...(isRewritten
      ? [
          'commits of patches were rewritten in the WORKDIR: these stay as SRC_URI names them, and what is otherwise now is in a patch behind them',
        ]
      : []),
    ...left.map(({ path, why }) => `left out: ${showPath(path)} (${why})`),
    ...(one === undefined
      ? []
      : [
          ...(left.some(({ why }) => ALSO.has(why))
            ? ['of these, what is new or made by a task goes into a patch if --also names it']
            : []),
          `they stay in the record: varve diff ${recipe}:${kept.at(-1) ?? 'edited'}`,
        ]),
    ...(changed === undefined
      ? []
      : [
          `until the next build the WORKDIR, and varve shell ${recipe}:patch, are without ${patches.length === 1 ? 'it' : 'them'}`,
        ]),
    `next: varve build ${recipe}`,
    '',
  ].join('\n');
}

/** The same for programs. */
export function finishedDocument({ left, ...rest }: Finished): object {
  return { schema: 1, ...rest, left: left.map(({ path, why }) => ({ ...pathFields(path), why })) };
}
