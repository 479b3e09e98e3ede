import { basename } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { FoundFiles } from './find-recipe-files.ts';

const switched = 'BB_DANGLINGAPPENDS_WARNONLY';

/** Refuses appends that apply to no recipe, since their text would be missed in silence; or warns, where that is wanted. */
export function refuseDangling(
  config: Datastore,
  { recipes, dangling }: FoundFiles,
  warnOnly: boolean,
): void {
  const warn = warnOnly || ['1', 'yes', 'true'].includes((config.get(switched) ?? '').toLowerCase());
  const names = recipes.map(({ file }) => basename(file, '.bb'));
  for (const file of dangling) {
    const message = `${basename(file)} applies to no recipe of the layers`;
    if (warn) config.environment.warn(message, { file });
    else {
      throw new VarveError('metadata', message, {
        place: { file },
        hints: [...otherVersions(file, names), `${switched} = "1" in conf/local.conf makes it a warning`],
      });
    }
  }
}

/** `zlib_1.2.bbappend` is most often what an upgrade of zlib left behind. */
function otherVersions(append: string, names: readonly string[]): readonly string[] {
  const [name = ''] = basename(append, '.bbappend').split('_');
  const there = names.filter((other) => other.split('_')[0] === name);
  if (there.length === 0) return [];
  return [
    `there is ${there.map((other) => `${other}.bb`).join(', ')}; ${name}_%.bbappend applies to every version`,
  ];
}
