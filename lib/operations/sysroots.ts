/** The managed staging area, asked. */
import { isAbsolute, relative } from 'node:path';
import { inspectSysroot } from '../sysroot/survey-sysroot.ts';
import { ownersOf, readManifest } from '../sysroot/sysroot-manifest.ts';
import type { World } from '../ports/world.ts';
import { sysrootManifest } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { shownPath } from '../trees/raw-text.ts';
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
  const { site, metadata } = openSite(world, request, say);
  const { name, packageArch, dirs } = site.recipe;
  const path = request.native ? dirs.sysrootNative : dirs.sysroot;
  if (!world.fs.existsSync(path)) throw notStaged(name, path);
  const manifests = (['target', 'native'] as const).map((kind) =>
    readManifest(world.fs, sysrootManifest(metadata.places, packageArch, `${name}.${kind}`)),
  );
  if (manifests.every((manifest) => manifest?.entries.size === 0)) say(`hint: ${asCompiled(name)}`);
  return { recipe: name, path };
}

function notStaged(recipe: string, path: string): VarveError {
  return new VarveError('usage', `${recipe} has no sysroot yet at ${path}`, {
    hints: [`varve build -c configure ${recipe}   fills it`],
  });
}

/** What to do where both are empty, as they are for a task that needs nothing: one that writes packages. */
function asCompiled(recipe: string): string {
  return `varve shell ${recipe}:compile   fills it as do_compile has it`;
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
  let entries = 0;
  for (const [kind, dir] of [
    ['target', dirs.sysroot],
    ['native', dirs.sysrootNative],
  ] as const) {
    const manifest = readManifest(world.fs, sysrootManifest(metadata.places, packageArch, `${name}.${kind}`));
    if (manifest === undefined) continue;
    entries += manifest.entries.size;
    const path =
      isAbsolute(request.path) && request.path.startsWith(`${dir}/`)
        ? relative(dir, request.path)
        : request.path.replace(/^\/+/, '');
    const owners = ownersOf(manifest, path);
    if (owners.length > 0) return { recipe: name, path, owner: owners.join(' '), owners };
  }
  const which = entries === 0 ? ', which is empty for its newest task' : '';
  throw new VarveError('usage', `${request.path} is not in the sysroot of ${name}${which}`, {
    hints: [entries === 0 ? asCompiled(name) : `ls $(varve sysroot path ${name})`],
  });
}

/** Something in a sysroot that no artifact brought so. */
export interface Misfit {
  readonly sysroot: 'target' | 'native';
  /** As on the target. */
  readonly path: string;
  readonly how: 'changed' | 'missing' | 'extra';
  /** The recipes whose artifact holds it. */
  readonly owners: readonly string[];
}

export interface VerifiedSysroots {
  readonly recipe: string;
  /** Those that there are. */
  readonly sysroots: readonly {
    readonly sysroot: 'target' | 'native';
    readonly path: string;
    readonly entries: number;
  }[];
  readonly misfits: readonly Misfit[];
}

/** Compares both sysroots of a recipe with what was put there: every file, by its content. */
export function verifySysroots(world: World, request: SysrootRequest, say: Say): VerifiedSysroots {
  const { site, metadata } = openSite(world, request, say);
  const { name, packageArch, dirs } = site.recipe;
  const places = [
    { sysroot: 'target', path: dirs.sysroot },
    { sysroot: 'native', path: dirs.sysrootNative },
  ] as const;
  const looked = places.flatMap(({ sysroot, path }) => {
    const file = sysrootManifest(metadata.places, packageArch, `${name}.${sysroot}`);
    const manifest = readManifest(world.fs, file);
    if (manifest === undefined) return [];
    const found = inspectSysroot(world.fs, path, manifest).map((each) => ({
      sysroot,
      path: shownPath(each.path),
      how: AS_FOUND[each.how],
      owners: manifest.entries.get(each.path)?.recipes ?? [],
    }));
    return [{ sysroot, path, entries: manifest.entries.size, found }];
  });
  if (looked.length === 0) throw notStaged(name, dirs.sysroot);
  if (looked.every(({ entries }) => entries === 0)) say(`hint: ${asCompiled(name)}`);
  return {
    recipe: name,
    sysroots: looked.map(({ sysroot, path, entries }) => ({ sysroot, path, entries })),
    misfits: looked.flatMap(({ found }) => found),
  };
}

/** Of a file, as who looks for it finds it. */
const AS_FOUND = { changed: 'changed', removed: 'missing', added: 'extra' } as const;
