import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import { openObjectStore } from '../../history/object-store.ts';
import { artifactOf, bringFor } from './artifact-deeds.ts';
import type { Doing } from './doing.ts';
import { sysrootDirs, type Sysroots } from './stage-sysroots.ts';

/**
 * Sees to it that all artifacts of a task's sysroots are in the histories; undefined where one is lost. Most tasks of a
 * recipe have the same: what is here stays here.
 */
export async function bringSysroots(doing: Doing, parts: SysrootParts): Promise<Sysroots | undefined> {
  const known = doing.sysroots.get(parts);
  if (known !== undefined) return known;
  const brought = await Promise.all([...parts.target, ...parts.native].map((name) => bringFor(doing, name)));
  if (brought.includes(false)) return undefined;
  const part = (name: string): SysrootPart => {
    const known = doing.sysrootParts.get(name) ?? partOf(doing, name);
    doing.sysrootParts.set(name, known);
    return known;
  };
  const sysroots = { target: parts.target.map(part), native: parts.native.map(part) };
  doing.sysroots.set(parts, sysroots);
  return sysroots;
}

function partOf(doing: Doing, name: string): SysrootPart {
  const site = doing.context.site(name);
  const artifact = artifactOf(doing, name);
  if (artifact === undefined) throw new Error('an artifact that was just there is gone');
  const dirs = sysrootDirs(site);
  const open = givenUp(() => openObjectStore(doing.context.world.fs, site.gitDir));
  return {
    recipe: name,
    get objects() {
      return open();
    },
    tree: artifact.tree,
    time: site.epoch,
    ...(dirs === undefined ? {} : { dirs }),
  };
}

/** Makes something where it is asked for, and keeps it until memory is short: of a thousand parts few are read at once. */
function givenUp<T extends object>(make: () => T): () => T {
  let held: WeakRef<T> | undefined;
  return () => {
    const known = held?.deref();
    if (known !== undefined) return known;
    const made = make();
    held = new WeakRef(made);
    return made;
  };
}
