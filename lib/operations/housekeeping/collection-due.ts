import { readIfThere } from '../../history/replace-file.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { collectedMark } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Builds between two collections, where HISTORY_GC_BUILDS says nothing else: one costs about as much as a small build. */
const USUAL = 10;

/** Whether gc is to run by itself after a build; `never`: nothing is to run by itself. */
export function collectionDue(
  { fs }: Pick<World, 'fs'>,
  metadata: Metadata,
  build: number,
): 'now' | 'later' | 'never' {
  const every = buildsBetween(metadata);
  if (every === 0) return 'never';
  const last = Number(readIfThere(fs, collectedMark(metadata.places)) ?? 0);
  return build - last >= every ? 'now' : 'later';
}

function buildsBetween({ config }: Metadata): number {
  const text = config.get('HISTORY_GC_BUILDS')?.trim() ?? String(USUAL);
  if (/^\d+$/.test(text)) return Number(text);
  throw new VarveError('metadata', `HISTORY_GC_BUILDS is "${text}", which is not a number of builds`, {
    hints: ['HISTORY_GC_BUILDS = "0"   for none', 'varve env HISTORY_GC_BUILDS   says where it is set'],
  });
}
