import { readIfThere } from '../../history/replace-file.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { collectedMark } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Builds between two collections, where HISTORY_GC_BUILDS says nothing else: one costs about as much as a small build. */
const USUAL = 10;

/** After a build that wrote into the record: has gc run in the background, where the last time is long ago. */
export function tendRecord(world: World, metadata: Metadata, build: number): void {
  const { places } = metadata;
  const every = buildsBetween(metadata);
  const last = Number(readIfThere(world.fs, collectedMark(places)) ?? 0);
  if (every > 0 && build - last >= every) world.startIdle(['gc', '--idle', '-B', places.buildDir]);
}

function buildsBetween({ config }: Metadata): number {
  const text = config.get('HISTORY_GC_BUILDS')?.trim() ?? String(USUAL);
  if (/^\d+$/.test(text)) return Number(text);
  throw new VarveError('metadata', `HISTORY_GC_BUILDS is "${text}", which is not a number of builds`, {
    hints: ['HISTORY_GC_BUILDS = "0"   for none', 'varve env HISTORY_GC_BUILDS   says where it is set'],
  });
}
