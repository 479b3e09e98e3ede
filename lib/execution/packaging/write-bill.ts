/** Writes what an image is made of: its packages, the recipes that they are of, and the sources and patches of these. */
import { createHash } from 'node:crypto';
import type { RecipeOrigin } from '../../packages/recipe-origin.ts';
import { type BilledPackage, spdxDocument } from '../../packages/spdx-document.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { Site } from '../workdir/site.ts';
import type { OpenPackage } from './open-package.ts';

export interface BillWriting {
  readonly fs: FileSystem;
  readonly site: Site;
  /** None: the image is made of the artifacts of the recipes. */
  readonly packages: readonly OpenPackage[];
  /** Sorted by name. */
  readonly origins: readonly RecipeOrigin[];
  /** The id of the image's own artifact. */
  readonly artifact: string;
  readonly path: string;
}

export function writeBill({ fs, site, packages, origins, artifact, path }: BillWriting): void {
  const { name, data } = site.recipe;
  const text = (variable: string): string => (data.get(variable) ?? '').trim();
  const document = spdxDocument({
    name: text('IMAGE_LINK_NAME'),
    image: { name, version: text('PV'), license: text('LICENSE'), summary: text('SUMMARY'), artifact },
    packages: packages.map((one) => billed(one, packages)),
    recipes: origins,
    time: site.epoch,
  });
  fs.writeFileSync(path, document);
}

function billed(of: OpenPackage, all: readonly OpenPackage[]): BilledPackage {
  const { name, version, license, summary, recipe, file, bytes, depends } = of;
  const needs = all.filter(
    (other) =>
      other.name !== name && [other.name, ...other.provides].some((offered) => depends.includes(offered)),
  );
  return {
    name,
    version,
    license,
    summary,
    recipe,
    file,
    sha256: createHash('sha256').update(bytes()).digest('hex'),
    needs: needs.map((other) => other.name),
  };
}
