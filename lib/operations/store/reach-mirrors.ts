/** The artifact mirrors that the configuration names. */
import type { Mirrors } from '../../artifacts/mirrors.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import { originOf } from '../../layers/place-of.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent } from '../../terms/events.ts';
import type { TaskId } from '../../terms/ids.ts';
import { knownEntriesDir } from '../../terms/places.ts';
import type { Trust } from '../../trust/trust.ts';
import { VarveError } from '../../terms/varve-error.ts';

export interface Reaching {
  /** Which are asked; what was learned from the others before is known. */
  readonly ask: 'all' | 'directories' | 'none';
  /** What counts of what they give. */
  readonly trust: Trust;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

/** Opens the mirrors of ARTIFACT_MIRRORS; undefined where there are none. */
export async function reachMirrors(
  world: World,
  metadata: Pick<Metadata, 'config' | 'places'>,
  { ask, trust, signal, emit }: Reaching,
): Promise<Mirrors | undefined> {
  const all = mirrorRoots(metadata);
  if (all.length === 0) return undefined;
  // Most build directories have no mirror, and no use for what speaks with one.
  const { openMirrors } = await import('../../artifacts/mirrors.ts');
  const warn = (text: string, about?: TaskId): void =>
    emit({ event: 'message', level: 'warning', text, ...(about === undefined ? {} : { about }) });
  const roots = all.filter((root) => ask === 'all' || (ask === 'directories' && root.startsWith('file:')));
  return openMirrors(world, { roots, knownDir: knownEntriesDir(metadata.places), trust, signal, warn });
}

/** Whether a word can be the root of a mirror. */
export function isMirrorRoot(word: string): boolean {
  return /^(?:https?:\/\/[^/]|file:\/\/\/)/.test(word) && URL.canParse(word);
}

/** ARTIFACT_MIRRORS, in the order in which they are asked. */
export function mirrorRoots({ config }: Pick<Metadata, 'config'>): readonly string[] {
  const words = (config.get('ARTIFACT_MIRRORS') ?? '').replaceAll('\\n', ' ').split(/\s+/);
  const roots = words.filter((word) => word !== '');
  for (const root of roots) {
    if (isMirrorRoot(root)) continue;
    const origin = originOf(config, 'ARTIFACT_MIRRORS');
    throw new VarveError('metadata', `"${root}" is no artifact mirror`, {
      ...(origin === undefined ? {} : { place: { file: origin.file, line: origin.line } }),
      hints: ['ARTIFACT_MIRRORS = "https://cache.example.com/varve file:///mnt/cache"'],
    });
  }
  return roots;
}
