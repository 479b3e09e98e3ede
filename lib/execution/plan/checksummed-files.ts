import { relative } from 'node:path';
import { isBelow } from '../../terms/is-below.ts';
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
  const isContent = (path: string): boolean => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true || stat?.isDirectory() === true;
  };
  return (taskOutlineOf(recipe, task).files ?? []).flatMap((word) => {
    const pattern = word.replace(/:(True|False)$/, '');
    // What lies in the WORKDIR its tasks made, which are inputs already.
    if (isBelow(pattern, recipe.dirs.workdir)) return [];
    const there = (fs.existsSync(pattern) ? [pattern] : matchPaths({ list }, pattern)).filter(isContent);
    const nameOf = (path: string): string => relative(recipe.layer.path, path);
    if (there.length === 0) return [{ kind: 'file', name: nameOf(pattern), value: 'missing' }];
    return there.flatMap((path) => localInputs(asker, { path, name: nameOf(path), without: repositories }));
  });
}

/** What version control keeps in a directory is no part of it; the names are BitBake's. */
const repositories = new Set(['CVS', '.bzr', '.git', '.hg', '.osc', '.p4', '.repo', '.svn']);
