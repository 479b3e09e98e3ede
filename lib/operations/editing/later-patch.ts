import type { Site } from '../../execution/workdir/site.ts';
import type { Metadata } from '../../layers/metadata.ts';
import type { World } from '../../ports/world.ts';
import { isBelow } from '../../terms/is-below.ts';
import { findPatch, patchNames, type NamedPatch } from './patch-target.ts';

/** A patch of a layer that is applied after others and changes a file of theirs, which it expects as it was before. */
export interface LaterPatch {
  readonly name: string;
  readonly layer: string;
}

/** Looks for one among the patches that an append puts behind these. */
export function findLaterPatch(
  world: World,
  { site: { recipe }, metadata }: { readonly site: Site; readonly metadata: Metadata },
  own: readonly NamedPatch[],
): LaterPatch | undefined {
  const names = patchNames(recipe);
  const last = Math.max(...own.map(({ path }) => names.indexOf(path.slice(path.lastIndexOf('/') + 1))));
  const touched = own.flatMap(({ patch }) => patch.files.map(({ path }) => Buffer.from(path, 'latin1')));
  return names
    .slice(last + 1)
    .flatMap((name) => {
      const file = findPatch(world, recipe, name);
      if (file === undefined) return [];
      const text = world.fs.readFileSync(file);
      if (!touched.some((path) => text.includes(path))) return [];
      const layer = metadata.layers.find(({ path }) => isBelow(file, path));
      return layer === undefined ? [] : [{ name, layer: layer.name }];
    })
    .at(-1);
}
