/** Writes which licenses the packages of an image are under, with the texts that their recipes keep. */
import { join } from 'node:path';
import { controlField } from '../../packages/deb-control.ts';
import type { FileSystem } from '../../ports/world.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, lastName } from '../../trees/tree-metadata.ts';
import type { Installable } from './install-packages.ts';
import type { RecipeArtifact } from './recipe-artifact.ts';

export interface LicenseWriting {
  readonly fs: FileSystem;
  readonly packages: readonly Installable[];
  /** The license texts of recipes, a directory each. */
  readonly licenses: readonly RecipeArtifact[];
  readonly dir: string;
}

/** Writes `license.manifest`, in OpenEmbedded's form, and the texts in a directory for each recipe that has any. */
export function writeLicenses({ fs, packages, licenses, dir }: LicenseWriting): void {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(join(dir, 'license.manifest'), packages.map(paragraphOf).join('\n'));
  const installed = new Set(packages.map(({ deb }) => deb.recipe));
  for (const { recipe, objects, tree } of licenses) {
    if (!installed.has(recipe)) continue;
    for (const { kind, oid, path } of listEntries(objects, tree, { under: DEFAULT_IMAGE })) {
      if (kind !== 'file' || oid === undefined) continue;
      fs.mkdirSync(join(dir, recipe), { recursive: true });
      fs.writeFileSync(join(dir, recipe, lastName(path)), objects.readBlob(oid));
    }
  }
}

function paragraphOf({ control, deb }: Installable): string {
  const lines = [
    ['PACKAGE NAME', controlField(control, 'Package')],
    ['PACKAGE VERSION', controlField(control, 'Version')],
    ['RECIPE NAME', deb.recipe],
    ['LICENSE', controlField(control, 'License')],
  ];
  return lines.map(([name, value]) => `${name}: ${value}\n`).join('');
}
