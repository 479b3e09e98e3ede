import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { historyOf, type Places } from '../../terms/places.ts';

export interface HistoryPlace {
  readonly arch: string;
  readonly recipe: string;
  readonly gitDir: string;
}

/** Lists the histories of a build directory, by PACKAGE_ARCH and recipe. */
export function listHistories(world: Pick<World, 'fs'>, places: Places): readonly HistoryPlace[] {
  return listHistoryPlaces(world, places).filter(({ gitDir }) => world.fs.existsSync(join(gitDir, 'HEAD')));
}

/** Lists the directories of histories, those too that are none yet, or none any more. */
export function listHistoryPlaces({ fs }: Pick<World, 'fs'>, places: Places): readonly HistoryPlace[] {
  const names = (dir: string): readonly string[] =>
    fs.existsSync(dir) ? fs.readdirSync(dir).map(String).sort(byCodeUnit) : [];
  return names(places.historyDir)
    .filter((arch) => !arch.endsWith('.git'))
    .flatMap((arch) =>
      names(join(places.historyDir, arch))
        .filter((name) => name.endsWith('.git'))
        .map((name) => name.slice(0, -'.git'.length))
        .map((recipe) => ({ arch, recipe, gitDir: historyOf(places, arch, recipe) })),
    );
}
