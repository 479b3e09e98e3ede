import type { Cleaned } from '../operations/clean-recipes.ts';
import { formatCount } from './format-quantity.ts';
import { nearPath } from './near-path.ts';
import type { View } from './view.ts';

/** Tells what is gone, what stays, and what to type where a task is to run anew. */
export function formatCleaned(cleaned: readonly Cleaned[], { world }: View): string {
  return cleaned.map((recipe) => formatOne(recipe, (path) => nearPath(path, world.cwd))).join('');
}

function formatOne(
  { recipe, removed, removedArtifacts, withdrawn, kept, edits }: Cleaned,
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
  if (edits !== undefined)
    lines.push(`  its WORKDIR had edits, which the history keeps: varve restore ${edits} DIR`);
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
