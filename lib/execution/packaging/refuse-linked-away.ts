import { VarveError } from '../../terms/varve-error.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import type { Rootfs } from './compose-rootfs.ts';

type Root = Pick<Rootfs, 'at'>;

/**
 * The image puts directories of its own into the root of its packages, while that is no root yet: a link on the way there
 * that is absolute, or goes up too far, would lead out of it, and one to no directory leads nowhere.
 *
 * @param dirs on the target, with what is to be there: `/var/lib/rpm`
 */
export function refuseLinkedAway(root: Root, dirs: ReadonlyMap<string, string>): void {
  for (const [dir, what] of dirs) {
    let at: readonly string[] = [];
    for (const name of rawPath(dir).split('/').slice(1)) {
      const found = root.at([...at, name].join('/'));
      if (found === undefined) break;
      const next = directoryAt(root, at, name);
      if (next === undefined) throw linkedAway([...at, name].join('/'), found, { dir, what });
      at = next;
    }
  }
}

/** Links that lead to links; more of them go in a circle. */
const LINKS = 40;

/** Where a name in a directory leads, through links that are right wherever the root stands; undefined where to no directory. */
function directoryAt(
  root: Root,
  at: readonly string[],
  name: string,
  left = LINKS,
): readonly string[] | undefined {
  if (name === '' || name === '.') return at;
  if (name === '..') return at.length === 0 ? undefined : at.slice(0, -1);
  const place = [...at, name];
  const header = root.at(place.join('/'))?.header;
  if (header?.kind === 'dir') return place;
  if (header?.kind !== 'symlink' || header.link.startsWith('/') || left === 0) return undefined;
  return header.link
    .split('/')
    .reduce<readonly string[] | undefined>((to, each) => to && directoryAt(root, to, each, left - 1), at);
}

function linkedAway(
  path: string,
  { header, package: name }: NonNullable<ReturnType<Root['at']>>,
  { dir, what }: { readonly dir: string; readonly what: string },
): VarveError {
  const is = header.kind === 'symlink' ? `a link to ${shownPath(header.link)}` : 'no directory';
  return new VarveError(
    'task',
    `/${shownPath(path)} of ${name} is ${is}, and ${what} is to be in ${dir} of the image`,
    {
      hints: [
        `FILES:${name} leaves it out, or its link is relative and leads to a directory that a package has`,
      ],
    },
  );
}
