import { join } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { writeAccounts } from '../../packages/system-accounts.ts';
import type { Instead } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import { accountsOf } from '../packaging/recipe-accounts.ts';
import { writeOwnFile } from './own-directories.ts';

/** Writes, where a recipe brings users, the files in which do_install finds these and no user of the machine's. */
export function knownOwners(world: World, recipe: LoadedRecipe, task: string): readonly Instead[] {
  const accounts = task === installTask ? accountsOf(recipe) : undefined;
  if (accounts === undefined) return [];
  const texts = writeAccounts(accounts);
  return (['passwd', 'group'] as const).map((name) => {
    const file = join(recipe.dirs.t, name);
    writeOwnFile(world, file, texts[name]);
    return { of: `/etc/${name}`, file };
  });
}
