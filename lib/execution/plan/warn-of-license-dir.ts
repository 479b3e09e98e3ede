import { join } from 'node:path';
import type { Datastore } from '../../language/datastore.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { firstOf } from '../../terms/first-of.ts';
import { byCodeUnit } from '../../terms/ids.ts';

/** How many recipes, or texts, a message names. */
const NAMED = 3;

export interface LicensesLooked {
  readonly fs: FileSystem;
  readonly metadata: Metadata;
  /** In the build. */
  readonly recipes: readonly LoadedRecipe[];
  readonly emit: (event: BuildEvent) => void;
}

/** Tells once which license texts nobody looks at, since COMMON_LICENSE_DIR says not where they are. */
export function warnOfLicenseDir({ fs, metadata, recipes, emit }: LicensesLooked): void {
  const found = recipes.flatMap((recipe) => {
    const said = recipe.remember('common-licenses', commonLicenses);
    return said.texts.length === 0 ? [] : [{ name: recipe.name, ...said }];
  });
  found.sort((a, b) => byCodeUnit(a.name, b.name));
  const [first] = found;
  if (first === undefined) return;
  const texts = [...new Set(found.flatMap((one) => one.texts))].toSorted(byCodeUnit);
  const names = found.map(({ name }) => name);
  const dir = metadata.layers
    .flatMap(({ path }) => ['files', '../meta/files'].map((one) => join(path, one, 'common-licenses')))
    .find((path) => fs.existsSync(path));
  emit({
    event: 'message',
    level: 'warning',
    about: first.name,
    text: `${first.at}: COMMON_LICENSE_DIR is not set, so these license texts are neither checked nor kept: ${firstOf(texts, NAMED)}, of ${firstOf(names, NAMED)}`,
    hints: [
      dir === undefined
        ? 'COMMON_LICENSE_DIR = "…"   in conf/local.conf says where they are: openembedded-core has them in meta/files/common-licenses'
        : `COMMON_LICENSE_DIR = "${dir}"   in conf/local.conf has them checked and kept`,
    ],
  });
}

interface Referred {
  readonly texts: readonly string[];
  readonly at: string;
}

function commonLicenses(data: Datastore): Referred {
  const variable = 'LIC_FILES_CHKSUM';
  const value = data.get(variable) ?? '';
  // Where it is set, there is no such reference left.
  const texts = [...value.matchAll(/\$\{COMMON_LICENSE_DIR\}\/([^;\s]+)/g)].flatMap(([, name]) => name ?? []);
  const origin = data.origins(variable).findLast(({ flag }) => flag === undefined);
  return { texts, at: origin === undefined || texts.length === 0 ? '' : `${origin.file}:${origin.line}` };
}
