import type { LayerRow } from '../operations/list-layers.ts';
import { formatCount } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import { nearPath } from './near-path.ts';
import type { View } from './view.ts';

/** Lists layers: name, priority, recipes, directory, and what of git is there; then what each lays over others. */
export function formatLayers(layers: readonly LayerRow[], view: View): string {
  if (layers.length === 0) return 'BBLAYERS names no layer\n';
  const near = (path: string): string => nearPath(path, view.world.cwd);
  const rows = layers.map(({ name, priority, path, recipes, git, depends }) => [
    name,
    `priority ${priority}`,
    formatCount(recipes, 'recipe'),
    near(path),
    describeGit(git),
    depends.length === 0 ? '' : `needs ${depends.join(', ')}`,
  ]);
  return `${formatTable(rows)}${layers.flatMap((layer) => overlayLines(layer, near)).join('')}`;
}

function describeGit(git: LayerRow['git']): string {
  if (git === undefined) return '';
  const commit = git.revision?.slice(0, 12) ?? 'no commit yet';
  return `${[...(git.branch === undefined ? [] : [git.branch]), commit].join(' ')}${git.dirty === true ? ' with changes' : ''}`;
}

function overlayLines(
  { name, overrides, appends }: LayerRow,
  near: (path: string) => string,
): readonly string[] {
  return [
    ...overrides.map(
      ({ kind, name: of, file, hides }) =>
        `${name}: ${kind} ${of}, ${near(file)}, comes before ${hides.map(near).join(', ')}\n`,
    ),
    ...appends.map(({ file, to }) => `${name}: ${near(file)} adds to ${to.map(near).join(', ')}\n`),
  ];
}
