/** The managed staging area, asked. */
import { isAbsolute, relative } from 'node:path';
import { ownersOf, readManifest } from '../sysroot/sysroot-manifest.ts';
import type { World } from '../ports/world.ts';
import { sysrootManifest } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openSite } from './editing/open-site.ts';
import type { Say } from '../terms/say.ts';

interface SysrootRequest {
  readonly buildDir: string;
  readonly recipe: string;
}

/** Tells where the sysroot of a recipe is; an error where nothing was staged yet. */
export function sysrootPath(
  world: World,
  request: SysrootRequest & { readonly native: boolean },
  say: Say,
): { readonly recipe: string; readonly path: string } {
  const { site } = openSite(world, request, say);
  const path = request.native ? site.recipe.dirs.sysrootNative : site.recipe.dirs.sysroot;
  if (!world.fs.existsSync(path)) throw notStaged(site.recipe.name, path);
  return { recipe: site.recipe.name, path };
}

function notStaged(recipe: string, path: string): VarveError {
  return new VarveError('usage', `${recipe} has no sysroot yet at ${path}`, {
    hints: [`varve build -c configure ${recipe}   fills it`],
  });
}

export interface Owner {
  readonly recipe: string;
  readonly path: string;
  /** The recipes whose artifact holds the path, separated by blanks: several where their content is the same. */
  readonly owner: string;
  readonly owners: readonly string[];
}

/** Tells which recipe a path in a sysroot comes from. */
export function sysrootOwner(
  world: World,
  request: SysrootRequest & { readonly path: string },
  say: Say,
): Owner {
  const { site, metadata } = openSite(world, request, say);
  const { name, packageArch, dirs } = site.recipe;
  for (const [kind, dir] of [
    ['target', dirs.sysroot],
    ['native', dirs.sysrootNative],
  ] as const) {
    const manifest = readManifest(world.fs, sysrootManifest(metadata.places, packageArch, `${name}.${kind}`));
    if (manifest === undefined) continue;
    const path =
      isAbsolute(request.path) && request.path.startsWith(`${dir}/`)
        ? relative(dir, request.path)
        : request.path.replace(/^\/+/, '');
    const owners = ownersOf(manifest, path);
    if (owners.length > 0) return { recipe: name, path, owner: owners.join(' '), owners };
  }
  throw new VarveError('usage', `${request.path} is not in the sysroot of ${name}`, {
    hints: [`ls $(varve sysroot path ${name})`],
  });
}
