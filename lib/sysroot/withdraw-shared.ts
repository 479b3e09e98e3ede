import type { FileSystem } from '../ports/world.ts';
import type { SysrootPlace } from './apply-sysroot.ts';
import { removeIfOurs, whereItIs } from './disk-path.ts';
import { readManifest, writeManifest } from './sysroot-manifest.ts';

/** Takes what only this recipe has out of a directory where others keep files too; answers how many files. */
export function withdrawShared(fs: FileSystem, place: SysrootPlace, recipe: string): number {
  const manifest = readManifest(fs, place.manifest);
  const dir = whereItIs(fs, place.dir);
  const own = [...(manifest?.entries ?? [])].filter(([, { recipes }]) => recipes.includes(recipe));
  const isPart = manifest?.parts?.some((part) => part.recipe === recipe) === true;
  if (manifest === undefined || (own.length === 0 && !isPart)) return 0;
  const entries = new Map(manifest.entries);
  let removed = 0;
  for (const [path, entry] of own.toReversed()) {
    const others = entry.recipes.filter((each) => each !== recipe);
    if (others.length > 0) {
      entries.set(path, { ...entry, recipes: others });
      continue;
    }
    entries.delete(path);
    if (removeIfOurs(fs, dir, path) && entry.kind !== 'dir') removed += 1;
  }
  const parts = manifest.parts?.filter((part) => part.recipe !== recipe) ?? [];
  writeManifest(fs, place.manifest, { composition: '', parts, entries });
  if (entries.size === 0) removeIfOurs(fs, dir, '');
  return removed;
}
