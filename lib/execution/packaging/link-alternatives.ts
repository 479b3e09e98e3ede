/** Makes the links of an image that update-alternatives would make on the target. */
import { posix } from 'node:path';
import { type Alternative, alternativesIn } from '../../packages/alternatives.ts';
import { groupBy } from '../../terms/group-by.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { parentOf } from '../../trees/tree-metadata.ts';
import { type Added, type Rootfs } from './compose-rootfs.ts';
import type { OpenPackage } from './open-package.ts';
import { placeIn } from './place-in.ts';

interface Linking {
  readonly packages: readonly Pick<OpenPackage, 'name' | 'postinst'>[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/**
 * Finds for each name the package with the highest priority, of several the one whose target is first by code units, as
 * update-alternatives does; a link leads there, also in place of one that a package has.
 */
export function linkAlternatives(root: Rootfs, { packages, warn }: Linking): readonly Added[] {
  const offered = packages
    .flatMap(({ name, postinst }) => alternativesIn(postinst, name))
    .map((one) => ({ ...one, at: placeIn(root, one.link) }))
    .filter(({ target }) => root.at(placeIn(root, target)) !== undefined);
  const added: Added[] = [];
  for (const [at, all] of groupBy(offered, (one) => one.at)) {
    const [best] = all.toSorted((a, b) => b.priority - a.priority || byCodeUnit(a.target, b.target));
    if (best === undefined) continue;
    const stands = root.at(at);
    // A link of a package gives way, as on a target.
    if (stands !== undefined && stands.header.kind !== 'symlink') {
      warn(...inTheWay(stands.package, best));
      continue;
    }
    const mtime = root.at(placeIn(root, best.target))?.header.mtime ?? 0;
    const link = posix.relative(`/${parentOf(at)}`, rawPath(best.target));
    added.push({
      header: { path: at, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, mtime, link },
    });
  }
  return added;
}

function inTheWay(
  standing: string,
  { package: one, name, link }: Alternative,
): [text: string, hints: readonly string[]] {
  return [
    `${link} of ${standing} stays: no link to what ${one} has for it can be made there`,
    [
      standing === one
        ? `rm \${D}${link}   in do_install:append, or no ALTERNATIVE_TARGET[${name}], lets the highest priority decide`
        : `ALTERNATIVE:${standing} = "${name}"   in its recipe, which inherits update-alternatives, lets the highest priority decide`,
    ],
  ];
}
