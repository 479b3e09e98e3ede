/** Writes which licenses the parts of an image are under, with the texts that their recipes keep. */
import { join } from 'node:path';
import type { FileSystem } from '../../ports/world.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, lastName } from '../../trees/tree-metadata.ts';
import type { RecipeArtifact } from './recipe-artifact.ts';

export interface LicenseWriting {
  readonly fs: FileSystem;
  readonly licensed: readonly Licensed[];
  /** The license texts of recipes, a directory each. */
  readonly texts: readonly RecipeArtifact[];
  readonly dir: string;
}

/** What an image is made of: a package, or all that a recipe installed. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly recipe: string;
  readonly license: string;
}

/** Writes `license.manifest`, in OpenEmbedded's form, and the texts in a directory for each recipe that has any. */
export function writeLicenses({ fs, licensed, texts, dir }: LicenseWriting): void {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(join(dir, 'license.manifest'), licensed.map(paragraphOf).join('\n'));
  for (const { recipe, objects, tree } of texts) {
    for (const { kind, oid, path } of listEntries(objects, tree, { under: DEFAULT_IMAGE })) {
      if (kind !== 'file' || oid === undefined) continue;
      fs.mkdirSync(join(dir, recipe), { recursive: true });
      fs.writeFileSync(join(dir, recipe, lastName(path)), objects.readBlob(oid));
    }
  }
}

function paragraphOf({ name, version, recipe, license }: Licensed): string {
  const lines = [
    ['PACKAGE NAME', name],
    ['PACKAGE VERSION', version],
    ['RECIPE NAME', recipe],
    ['LICENSE', license],
  ];
  return lines.map(([field, value]) => `${field}: ${value}\n`).join('');
}
