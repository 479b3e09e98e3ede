import type { ExportedHistory } from '../operations/export-history.ts';
import type { ImportedHistory } from '../operations/import-history.ts';
import { formatBuilds, formatCount, formatSize } from './format-quantity.ts';

/** Tells what was written, and what the other does with it. */
export function formatExportedHistory(
  { recipes, objects, size, builds, uncommitted }: ExportedHistory,
  file: string,
): string {
  const layers =
    uncommitted.length === 0
      ? ''
      : `, and what was not committed then in ${uncommitted.length === 1 ? 'layer' : 'layers'} ${uncommitted.join(', ')}`;
  return `${file}: ${spoken(recipes)}, with the configuration of ${builds.length === 1 ? 'build' : 'builds'} ${formatBuilds(builds)}${layers}, ${formatCount(objects, 'object')}, ${formatSize(size)}
varve history import ${file} --as NAME   takes it in elsewhere
`;
}

/** Tells what was taken in, and how it is named. */
export function formatImportedHistory({ name, recipes, builds, dir }: ImportedHistory, file: string): string {
  const build = `${name}@${builds.at(-1) ?? ''}`;
  const [recipe] = spokenNames(recipes);
  const log = recipe === undefined ? '' : `varve log ${recipe}@${build}   what its tasks did\n`;
  return `${file}: ${spoken(recipes)}, builds ${formatBuilds(builds)}
varve show @${build}   shows the newest of them
${log}rm -r ${dir}   forgets it all
`;
}

const spokenNames = (keys: readonly string[]): readonly string[] =>
  keys.map((key) => key.slice(key.indexOf('/') + 1));

const spoken = (keys: readonly string[]): string =>
  keys.length > 5 ? formatCount(keys.length, 'recipe') : spokenNames(keys).join(', ');
