import type { Site } from '../../execution/workdir/site.ts';
import type { World } from '../../ports/world.ts';
import { formatDiffs, type MailPatch } from '../../sources/format-mail-patch.ts';
import { findPatch, patchNames, type NamedPatch } from './patch-target.ts';

/** The patches that the recipe names last, where they change just this: who wrote them did not get to drop the edits. */
export function writtenBefore(
  world: World,
  { recipe }: Site,
  patches: readonly MailPatch[],
): readonly NamedPatch[] | undefined {
  const names = patchNames(recipe).slice(-patches.length);
  const found = patches.flatMap((patch, index) => {
    const name = names[index];
    const path = name === undefined ? undefined : findPatch(world, recipe, name);
    if (path === undefined) return [];
    const diffs = formatDiffs(patch);
    return world.fs.readFileSync(path).subarray(-diffs.length).equals(diffs) ? [{ path, patch }] : [];
  });
  return found.length === patches.length ? found : undefined;
}
