import { readIfThere } from '../../history/replace-file.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { collectedMark } from '../../terms/places.ts';
import { limitsOf } from './limits.ts';

/** Whether gc is to run by itself after a build; `never`: nothing is to run by itself. */
export function collectionDue(
  { fs }: Pick<World, 'fs'>,
  metadata: Metadata,
  build: number,
): 'now' | 'later' | 'never' {
  const every = limitsOf(metadata).buildsBetween;
  if (every === 0) return 'never';
  const last = Number(readIfThere(fs, collectedMark(metadata.places)) ?? 0);
  return build - last >= every ? 'now' : 'later';
}
