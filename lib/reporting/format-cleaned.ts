import type { Cleaned } from '../operations/clean-recipes.ts';
import { formatCount } from './format-quantity.ts';
import { nearPath } from './near-path.ts';
import type { View } from './view.ts';

/** Tells what is gone, what stays, and what to type where a task is to run anew. */
export function formatCleaned(cleaned: readonly Cleaned[], { world }: View): string {
  return cleaned.map((recipe) => formatOne(recipe, (path) => nearPath(path, world.cwd))).join('');
}

function formatOne(
  { recipe, removed, removedArtifacts, withdrawn, kept, ...told }: Cleaned,
  near: (path: string) => string,
): string {
  const gone = [
    ...removed.map(near),
    ...withdrawn.map(({ dir, files }) => `${formatCount(files, 'file')} in ${near(dir)}`),
    ...(removedArtifacts > 0 ? [formatCount(removedArtifacts, 'artifact')] : []),
  ];
  const lines = [
    gone.length === 0 ? `${recipe}: there was nothing to remove` : `${recipe}: removed ${gone.join(', ')}`,
  ];
  lines.push(...editLines({ recipe, ...told }));
  for (const { what, path, count } of kept)
    lines.push(
      `  kept ${count === undefined ? `its ${what}` : formatCount(count, what.replace(/s$/, ''))} in ${near(path)}`,
    );
  const stands = kept.some(({ what }) => what !== 'downloads');
  if (stands)
    lines.push(
      `  the next build takes its result from there; to run tasks anew: varve build -f -c TASK ${recipe}`,
    );
  return `${lines.join('\n')}\n`;
}

function editLines({
  recipe,
  edits,
  unfinished,
  editing,
}: Pick<Cleaned, 'recipe' | 'edits' | 'unfinished' | 'editing'>): readonly string[] {
  const had =
    unfinished === undefined
      ? 'its WORKDIR had edits, which the history keeps'
      : `${unfinished} did not come to its end; the history keeps what it left, with what was edited meanwhile`;
  return [
    ...(edits === undefined ? [] : [`  ${had}: varve restore ${edits} DIR`]),
    ...(editing === undefined
      ? []
      : [`  builds go on with its edits, which the history keeps, until: varve edit drop ${recipe}`]),
  ];
}
