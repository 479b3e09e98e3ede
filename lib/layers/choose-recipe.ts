import { basename } from 'node:path';
import { compareVersions } from '../language/compare-versions.ts';
import type { Datastore } from '../language/datastore.ts';
import type { LoadedRecipe } from './metadata.ts';
import { placeOf } from './place-of.ts';

/**
 * Chooses among recipes of one name as BitBake does: PREFERRED_VERSION wherever it is; else of the weightiest layer,
 * there of the highest DEFAULT_PREFERENCE, there the highest version.
 */
export function chooseRecipe(
  config: Datastore,
  name: string,
  candidates: readonly LoadedRecipe[],
): LoadedRecipe | undefined {
  const usable = candidates.filter((one) => one.skipped === undefined);
  const order = (usable.length > 0 ? usable : candidates).toSorted(better);
  const variable = `PREFERRED_VERSION_${name}`;
  const wanted = config.get(variable)?.trim() ?? '';
  if (wanted === '' || usable.length === 0) return tellingEquals(config, order);
  const preferred = order.find((one) => isVersion(one, wanted));
  if (preferred === undefined) {
    const there = order.map((one) => one.version).join(', ');
    config.environment.warn(
      `${variable} asks for ${wanted}, but there is only ${there}`,
      placeOf(config, variable).place,
    );
  }
  return tellingEquals(config, preferred === undefined ? order : order.slice(order.indexOf(preferred)));
}

/** The first, of which those that nothing tells from it are told: which of them is built hangs on the order of BBFILES. */
function tellingEquals(config: Datastore, order: readonly LoadedRecipe[]): LoadedRecipe | undefined {
  const [chosen] = order;
  if (chosen === undefined || chosen.skipped !== undefined) return chosen;
  for (const other of order.slice(1)) {
    if (better(chosen, other) !== 0) break;
    const { layer, file } = other;
    // What BBCLASSEXTEND makes of another recipe is no second one.
    if (stemOf(file) !== stemOf(chosen.file)) continue;
    config.environment.warn(
      layer.name === chosen.layer.name
        ? `layer ${layer.name} has the same recipe and version in ${file}, which is not used: remove one of them, or leave it out with BBMASK`
        : `layer ${layer.name}, of the same priority, has the same recipe and version in ${file}, which is not used: give the layer that is meant a higher BBFILE_PRIORITY, or leave one out with BBMASK`,
      { file: chosen.file },
    );
  }
  return chosen;
}

const stemOf = (file: string): string => basename(file).replace(/_.*$/, '');

function better(a: LoadedRecipe, b: LoadedRecipe): number {
  return (
    b.layer.priority - a.layer.priority ||
    b.preference - a.preference ||
    compareVersions(versionOf(b), versionOf(a))
  );
}

function versionOf({ epoch, version, revision }: LoadedRecipe): string {
  return `${epoch === '' ? '' : `${epoch}:`}${version}-${revision}`;
}

/** `[PE:]PV[_PR]`; a PV that ends in `%` leaves open how it goes on. */
function isVersion(recipe: LoadedRecipe, wanted: string): boolean {
  const [, epoch, version = '', revision] = /^(?:(\d+):)?(.*?)(?:_(r[^_]*))?$/.exec(wanted) ?? [];
  if (epoch !== undefined && recipe.epoch !== epoch) return false;
  if (revision !== undefined && recipe.revision !== revision) return false;
  return version.endsWith('%') ? recipe.version.startsWith(version.slice(0, -1)) : recipe.version === version;
}
