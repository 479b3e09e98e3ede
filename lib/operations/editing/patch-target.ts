/** Where the patches of a recipe are kept, and what they are called. */
import { basename, dirname, join, normalize, relative } from 'node:path';
import type { Site } from '../../execution/workdir/site.ts';
import { sourceOutlineOf } from '../../execution/outline/source-outline.ts';
import type { LoadedRecipe, Layer, Metadata } from '../../layers/metadata.ts';
import type { World } from '../../ports/world.ts';
import type { MailPatch } from '../../sources/format-mail-patch.ts';
import { listPatches } from '../../sources/list-patches.ts';
import { parseSrcUri } from '../../sources/parse-src-uri.ts';
import { closest } from '../../terms/closest.ts';
import { isBelow } from '../../terms/is-below.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Where patches go, and what names them. */
export interface PatchTarget {
  /** A recipe, or an append, which need not be there. */
  readonly file: string;
  readonly text: string | undefined;
  readonly dir: string;
}

/** Chooses it: beside the recipe, or with an append where another layer than its own is wanted. */
export function patchTarget(
  world: World,
  { site, metadata }: { readonly site: Site; readonly metadata: Metadata },
  wanted: string | undefined,
): PatchTarget {
  const { recipe } = site;
  const base = recipe.data.get('BPN') ?? recipe.name;
  const layer = wanted === undefined ? recipe.layer : layerOf(world, metadata.layers, wanted);
  if (layer.path === recipe.layer.path) {
    const dir = patchDirectory(world, recipe, base);
    return { file: recipe.file, text: world.fs.readFileSync(recipe.file, 'utf8'), dir };
  }
  const { appends = [] } = metadata.recipeFiles.find(({ file }) => file === recipe.file) ?? {};
  const stem = basename(recipe.file, '.bb').replace(/_.*/, '_%');
  const usual = join(layer.path, dirname(relative(recipe.layer.path, recipe.file)), `${stem}.bbappend`);
  const file = appends.findLast((append) => isBelow(append, layer.path)) ?? usual;
  const text = world.fs.existsSync(file) ? world.fs.readFileSync(file, 'utf8') : undefined;
  return { file, text, dir: appendsDirectory(recipe, dirname(file), base) };
}

/** Where an append has its files: what it adds to FILESEXTRAPATHS itself, else the place that is added for it. */
function appendsDirectory(recipe: LoadedRecipe, beside: string, base: string): string {
  const usual = join(beside, base);
  const added = (recipe.data.get('FILESEXTRAPATHS') ?? '')
    .split(':')
    .filter((dir) => dir !== '')
    .map((dir) => normalize(`${dir}/.`))
    .filter((dir) => dir === beside || isBelow(dir, beside));
  // What an override adds comes to stand before the others, and is not there in every build.
  return added.includes(usual) ? usual : (added.at(-1) ?? usual);
}

function layerOf(world: World, layers: readonly Layer[], wanted: string): Layer {
  const path = world.fs.existsSync(join(world.cwd, wanted))
    ? world.fs.realpathSync(join(world.cwd, wanted))
    : wanted;
  const called = layers.filter((layer) => basename(layer.path) === wanted);
  const found =
    layers.find((layer) => layer.name === wanted || layer.path === path) ??
    (called.length === 1 ? called[0] : undefined);
  if (found !== undefined) return found;
  throw noSuchLayer(world, layers, { wanted, path });
}

/** What is called so may well be there, and not be a layer of this build. */
function noSuchLayer(
  { fs }: World,
  layers: readonly Layer[],
  { wanted, path }: { readonly wanted: string; readonly path: string },
): VarveError {
  const names = layers.map(({ name }) => name);
  const near = closest(wanted, names);
  const isLayer = fs.existsSync(join(path, 'conf/layer.conf'));
  return new VarveError('usage', `this build has no layer ${wanted}`, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${near}"?`]),
      ...(isLayer ? [`BBLAYERS += "${path}"   in conf/bblayers.conf adds it`] : []),
      `layers of this build: ${names.join(', ')}`,
    ],
  });
}

/** Beside the recipe where its patches are already, or its other files. */
function patchDirectory(world: World, recipe: LoadedRecipe, base: string): string {
  const beside = dirname(recipe.file);
  const dirs = [base, 'files', `${base}-${recipe.version}`].map((name) => join(beside, name));
  const patches = patchNames(recipe);
  const holds = (dir: string): boolean => patches.some((name) => world.fs.existsSync(join(dir, name)));
  return dirs.find(holds) ?? dirs.find((dir) => world.fs.existsSync(dir)) ?? join(beside, base);
}

/** The patches that a recipe names, as SRC_URI has them. */
export function patchNames(recipe: LoadedRecipe): readonly string[] {
  const asker = { recipe: recipe.name, recipeFile: recipe.file };
  return listPatches(parseSrcUri(sourceOutlineOf(recipe).srcUri, asker)).map(({ path }) => path);
}

/** Where the file of such a name is that FILESPATH finds first. */
export function findPatch(world: World, recipe: LoadedRecipe, name: string): string | undefined {
  return sourceOutlineOf(recipe)
    .filesPath.map((dir) => join(dir, name))
    .find((path) => world.fs.existsSync(path));
}

export interface NamedPatch {
  readonly path: string;
  readonly patch: MailPatch;
}

/** Names as git format-patch gives them, numbered after the patches that there are. */
export function namePatches(
  world: World,
  site: Site,
  target: PatchTarget,
  patches: readonly MailPatch[],
): readonly NamedPatch[] {
  let number = patchNames(site.recipe).length;
  return patches.map((patch) => {
    const words = patch.subject
      .replaceAll(/[^\w.]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 52);
    const next = (): string =>
      join(target.dir, `${String((number += 1)).padStart(4, '0')}-${words || 'edit'}.patch`);
    let path = next();
    while (world.fs.existsSync(path)) path = next();
    return { path, patch };
  });
}
