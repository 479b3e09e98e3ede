import { describeLayers, type DescribedLayer } from '../layers/describe-layers.ts';
import { findOverlays, type Overlay } from '../layers/find-overlays.ts';
import { layerDependencies } from '../layers/layer-dependencies.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface LayerRow {
  readonly name: string;
  readonly path: string;
  readonly priority: number;
  /** LAYERVERSION. */
  readonly version?: string;
  /** LAYERDEPENDS: `core`, `bsp (>= 4)`. */
  readonly depends: readonly string[];
  /** LAYERSERIES_COMPAT. */
  readonly series: readonly string[];
  /** What of git is around it. */
  readonly git?: Pick<DescribedLayer, 'branch' | 'revision' | 'remote' | 'dirty'>;
  /** How many recipe files it has. */
  readonly recipes: number;
  /** What it has that stands before what others have. */
  readonly overrides: readonly Overlay[];
  /** Its appends, and the recipe files that each applies to. */
  readonly appends: readonly { readonly file: string; readonly to: readonly string[] }[];
}

/** Describes the layers of BBLAYERS, in that order; reads no recipe. */
export function listLayers(
  world: World,
  request: { readonly buildDir: string },
  say: Say,
): readonly LayerRow[] {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const overlays = findOverlays(metadata);
  return describeLayers(world, metadata).map((layer) => layerRow(metadata, layer, overlays));
}

function layerRow(metadata: Metadata, layer: DescribedLayer, overlays: readonly Overlay[]): LayerRow {
  const { config, recipeFiles } = metadata;
  const { name, path, priority, branch, revision, remote, dirty } = layer;
  const version = config.get(`LAYERVERSION_${name}`)?.trim();
  const isOwn = (file: string): boolean => file.startsWith(`${path}/`);
  const git = {
    ...(branch === undefined ? {} : { branch }),
    ...(revision === undefined ? {} : { revision }),
    ...(remote === undefined ? {} : { remote }),
    ...(dirty === undefined ? {} : { dirty }),
  };
  return {
    name,
    path,
    priority,
    ...(version === undefined ? {} : { version }),
    depends: layerDependencies(config, name).map((needed) =>
      needed.condition === undefined
        ? needed.name
        : `${needed.name} (${needed.condition.operator} ${needed.condition.version})`,
    ),
    series: (config.get(`LAYERSERIES_COMPAT_${name}`) ?? '').split(/\s+/).filter((word) => word !== ''),
    ...(Object.keys(git).length === 0 ? {} : { git }),
    recipes: recipeFiles.filter((recipe) => recipe.layer.name === name).length,
    overrides: overlays.filter(({ file }) => isOwn(file)),
    appends: appendsIn(metadata, isOwn),
  };
}

function appendsIn(
  { recipeFiles }: Metadata,
  isOwn: (file: string) => boolean,
): readonly { readonly file: string; readonly to: readonly string[] }[] {
  const all = new Set(recipeFiles.flatMap(({ appends }) => appends).filter(isOwn));
  return [...all].toSorted(byCodeUnit).map((append) => ({
    file: append,
    to: recipeFiles.filter(({ appends }) => appends.includes(append)).map(({ file }) => file),
  }));
}
