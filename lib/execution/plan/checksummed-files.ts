import { relative } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { matchPaths } from '../../layers/match-paths.ts';
import type { World } from '../../ports/world.ts';
import { localInputs } from '../../sources/local-inputs.ts';
import type { FileMemo } from '../../sources/source-context.ts';
import type { Input } from '../../terms/inputs.ts';
import { taskOutlineOf } from '../outline/recipe-outline.ts';

/** `[file-checksums]`: `path:True` words; the name is the path below the layer, so that no host path is hashed. */
export function checksummedFiles(
  world: World,
  { recipe, task, memo }: { readonly recipe: LoadedRecipe; readonly task: string; readonly memo: FileMemo },
): readonly Input[] {
  const { fs } = world;
  const asker = { world, memo, recipe: recipe.name, recipeFile: recipe.file };
  const list = (dir: string): readonly string[] =>
    fs.existsSync(dir) && fs.statSync(dir).isDirectory() ? fs.readdirSync(dir).toSorted() : [];
  return (taskOutlineOf(recipe, task).files ?? []).flatMap((word) => {
    const pattern = word.replace(/:(True|False)$/, '');
    const there = matchPaths({ list }, pattern).filter((path) => fs.existsSync(path));
    const nameOf = (path: string): string => relative(recipe.layer.path, path);
    if (there.length === 0) return [{ kind: 'file', name: nameOf(pattern), value: 'missing' }];
    return there.flatMap((path) => localInputs(asker, { path, name: nameOf(path), without: repositories }));
  });
}

/** What version control keeps in a directory is no part of it; the names are BitBake's. */
const repositories = new Set(['CVS', '.bzr', '.git', '.hg', '.osc', '.p4', '.repo', '.svn']);
