/** Fills the sysroots of a task: from artifacts only, whether just built, restored or fetched. */
import type { SysrootParts } from '../graph/sysroot-parts.ts';
import { fillSysroot, type Applied } from '../sysroot/apply-sysroot.ts';
import type { SysrootPart } from '../sysroot/compose-sysroot.ts';
import type { GivenByInode } from '../history/adopt-given.ts';
import type { World } from '../ports/world.ts';
import { sysrootManifest, type Places } from '../terms/places.ts';
import { outlineOf } from './recipe-outline.ts';
import { ownedIn } from './fakeroot.ts';
import type { LocalArtifact } from './recipe-artifacts.ts';
import type { Site } from './site.ts';

export interface Staging {
  readonly world: World;
  readonly places: Places;
  readonly site: (recipe: string) => Site;
  /** The artifact in force of a recipe, brought into its history where need be. */
  readonly artifact: (recipe: string) => LocalArtifact;
  /** Looks at every file there is, also where nothing is to be changed. */
  readonly verify: boolean;
}

/** SYSROOT_DIRS of a recipe; undefined: its whole artifact. */
export function sysrootDirs(site: Site): readonly string[] | undefined {
  const { sysrootDirs: dirs } = outlineOf(site.recipe);
  return dirs.length === 0 ? undefined : dirs;
}

/** Fills both sysroots of a recipe; answers what others did to them since the last time. */
export function stageSysroots(staging: Staging, site: Site, parts: SysrootParts): readonly Applied[] {
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const fill = (dir: string, names: readonly string[], kind: 'target' | 'native'): Applied => {
    const manifest = sysrootManifest(staging.places, site.recipe.packageArch, `${site.recipe.name}.${kind}`);
    staging.world.fs.mkdirSync(manifest.slice(0, manifest.lastIndexOf('/')), { recursive: true });
    return fillSysroot(staging.world.fs, {
      dir,
      manifest,
      parts: names.map((name) => partOf(staging, name)),
      recipe: site.recipe.name,
      verify: staging.verify,
    });
  };
  return [fill(sysroot, parts.target, 'target'), fill(sysrootNative, parts.native, 'native')];
}

/** What of the artifacts in both sysroots belongs to others than root. */
export function sysrootOwned(staging: Staging, site: Site, parts: SysrootParts): GivenByInode {
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const owned = (dir: string, names: readonly string[]): GivenByInode =>
    new Map(names.flatMap((name) => [...ownedIn(staging.world, dir, partOf(staging, name))]));
  return new Map([...owned(sysroot, parts.target), ...owned(sysrootNative, parts.native)]);
}

function partOf(staging: Staging, name: string): SysrootPart {
  const site = staging.site(name);
  const dirs = sysrootDirs(site);
  return {
    recipe: name,
    objects: site.history().objects,
    tree: staging.artifact(name).tree,
    time: site.epoch,
    ...(dirs === undefined ? {} : { dirs }),
  };
}
