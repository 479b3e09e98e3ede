import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { cacheDir, type Places } from '../../terms/places.ts';

export interface CollectedCaches {
  /** Files. */
  readonly removed: number;
  /** Bytes. */
  readonly freed: number;
}

/** Removes what was found out before `since` (milliseconds since the epoch), and is found out again where it is needed. */
export function collectCaches(
  { fs }: Pick<World, 'fs'>,
  places: Places,
  { since, dryRun }: { readonly since: number; readonly dryRun: boolean },
): CollectedCaches {
  const dir = cacheDir(places);
  if (!fs.existsSync(dir)) return { removed: 0, freed: 0 };
  const old = fs.readdirSync(dir, { recursive: true }).flatMap((name) => {
    const path = join(dir, String(name));
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.mtimeMs < since ? [{ path, size: stat.size }] : [];
  });
  if (!dryRun) for (const { path } of old) fs.rmSync(path, { force: true });
  return { removed: old.length, freed: old.reduce((sum, { size }) => sum + size, 0) };
}
