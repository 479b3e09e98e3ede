/** Writes an image in the forms that IMAGE_FSTYPES asks for, from the tree that the record has of it. */
import { join } from 'node:path';
import { gzipPlain } from '../../artifacts/gzip-plain.ts';
import { writeCpio } from '../../artifacts/write-cpio.ts';
import { writeTar } from '../../artifacts/write-tar.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { RecipeOrigin } from '../../packages/recipe-origin.ts';
import type { FileSystem } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { writeWhole } from '../../ports/write-whole.ts';
import { type ImageType, isImageType } from '../../terms/image-types.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import type { LocalArtifact, Site } from '../workdir/site.ts';
import { manifestText, packagesOfImage } from './install-packages.ts';
import type { RecipeArtifact } from './recipe-artifact.ts';
import { readOrigin } from './describe-recipe.ts';
import { writeBill } from './write-bill.ts';
import { type Licensed, writeLicenses } from './write-licenses.ts';
import type { OpenPackage } from './open-package.ts';

export interface ImageWriting {
  readonly fs: FileSystem;
  readonly site: Site;
  /** That of do_install. */
  readonly artifact: LocalArtifact;
  /** All packages that could be wanted; none: the image is made of artifacts. */
  readonly packages: readonly OpenPackage[];
  /** The recipes whose artifacts an image of artifacts holds. */
  readonly staged: readonly string[];
  /** The license texts of recipes, a directory each. */
  readonly licenses: readonly RecipeArtifact[];
  /** What recipes say of themselves; none: nobody asked for a bill of materials. */
  readonly origins: readonly RecipeArtifact[];
  readonly warn: (text: string) => void;
}

/**
 * Writes into IMGDEPLOYDIR a file for each type, IMAGE_LINK_NAME with the type behind it, and what the image is made of, with
 * the licenses of that.
 */
export function writeImage(writing: ImageWriting): void {
  const { fs, site, packages: offered, staged } = writing;
  const isOfPackages = offered.length > 0;
  writeArchives(writing);
  const path = imageFile(site);
  const packages = isOfPackages ? packagesOfImage(site.recipe, offered) : [];
  const recipes = new Set(isOfPackages ? packages.map(({ recipe }) => recipe) : staged);
  const texts = writing.licenses.filter(({ recipe }) => recipes.has(recipe));
  const origins = writing.origins
    .filter(({ recipe }) => recipes.has(recipe))
    .flatMap((one) => readOrigin(one) ?? [])
    .toSorted((a, b) => byCodeUnit(a.name, b.name));
  const licensed = isOfPackages ? packages.map(licensedPackage) : origins.map(licensedRecipe);
  if (isOfPackages) fs.writeFileSync(`${path}.manifest`, manifestText(packages));
  if (licensed.length > 0 || texts.length > 0)
    writeLicenses({ fs, licensed, texts, dir: `${path}.licenses` });
  if (origins.length > 0)
    writeBill({ fs, site, packages, origins, artifact: writing.artifact.id, path: `${path}.spdx.json` });
}

function licensedPackage({ name, version, recipe, license }: OpenPackage): Licensed {
  return { name, version, recipe, license };
}

function licensedRecipe({ name, version, license }: RecipeOrigin): Licensed {
  return { name, version, recipe: name, license };
}

function writeArchives({ fs, site, artifact: { tree }, warn }: ImageWriting): void {
  const { data } = site.recipe;
  const { objects } = site.history();
  const types = [...new Set(splitWords(data.get('IMAGE_FSTYPES')))].filter(isImageType);
  for (const type of types) {
    const fd = fs.openSync(`${imageFile(site)}.${type}`, 'w');
    const sink = (bytes: Uint8Array): void => writeWhole(fs, fd, bytes);
    const archive = (to: typeof sink): void => WRITE[formOf(type)]({ objects, tree, time: site.epoch }, to);
    try {
      if (type.endsWith('.gz')) gzipPlain(sink, archive);
      else archive(sink);
    } finally {
      fs.closeSync(fd);
    }
  }
  if (!types.some((type) => formOf(type) === 'cpio')) return;
  const lost = listEntries(objects, tree, { under: DEFAULT_IMAGE }).filter(
    ({ xattrs }) => xattrs !== undefined,
  );
  if (lost.length > 0)
    warn(`cpio has no place for extended attributes, which ${lost.length} of the files of the image have`);
}

/** The path of what do_image_complete writes, to which each file adds an ending. */
function imageFile({ recipe: { data } }: Site): string {
  return join(data.get('IMGDEPLOYDIR') ?? '', data.get('IMAGE_LINK_NAME') ?? '');
}

const WRITE = { cpio: writeCpio, tar: writeTar } as const;

function formOf(type: ImageType): keyof typeof WRITE {
  return type.startsWith('cpio') ? 'cpio' : 'tar';
}
