/** Fills the sysroots of a task: from artifacts only, whether just built, restored or fetched. */
import { fillSysroot, type Applied } from '../../sysroot/apply-sysroot.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import type { GivenByInode } from '../../history/adopt-given.ts';
import type { World } from '../../ports/world.ts';
import { sysrootManifest, type Places } from '../../terms/places.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { ownedIn } from '../fakeroot/fakeroot.ts';
import { findXattrTools } from '../hands/find-xattr-tools.ts';
import type { Site } from '../workdir/site.ts';

export interface Staging {
  readonly world: World;
  readonly places: Places;
  /** Looks at every file there is, also where nothing is to be changed. */
  readonly verify: boolean;
}

/** The artifacts of both sysroots of a task. */
export interface Sysroots {
  readonly target: readonly SysrootPart[];
  readonly native: readonly SysrootPart[];
}

/** SYSROOT_DIRS of a recipe; undefined: its whole artifact. */
export function sysrootDirs(site: Site): readonly string[] | undefined {
  const { sysrootDirs: dirs } = outlineOf(site.recipe);
  return dirs.length === 0 ? undefined : dirs;
}

/** Fills both sysroots of a recipe; answers what others did to them since the last time. */
export function stageSysroots(
  staging: Staging,
  site: Site,
  sysroots: Sysroots,
): { readonly target: Applied; readonly native: Applied } {
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const fill = (dir: string, parts: readonly SysrootPart[], kind: 'target' | 'native'): Applied => {
    const manifest = sysrootManifest(staging.places, site.recipe.packageArch, `${site.recipe.name}.${kind}`);
    const { world, verify } = staging;
    const xattrs = findXattrTools(world);
    const options = { dir, manifest, parts, recipe: site.recipe.name, verify, ...(xattrs && { xattrs }) };
    return fillSysroot(world.fs, options);
  };
  return {
    target: fill(sysroot, sysroots.target, 'target'),
    native: fill(sysrootNative, sysroots.native, 'native'),
  };
}

/** What of the artifacts in both sysroots belongs to others than root. */
export function sysrootOwned(world: World, site: Site, sysroots: Sysroots): GivenByInode {
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const owned = (dir: string, parts: readonly SysrootPart[]): GivenByInode =>
    new Map(parts.flatMap((part) => [...ownedIn(world, dir, part)]));
  return new Map([...owned(sysroot, sysroots.target), ...owned(sysrootNative, sysroots.native)]);
}
