import { expect, test } from 'vitest';
import type { Rootfs } from '../../lib/execution/packaging/compose-rootfs.ts';
import { refuseLinkedAway } from '../../lib/execution/packaging/refuse-linked-away.ts';

/** What is said of a root that has these directories, as `usr/lib/`, and links, as `var -> data`, where /var/lib/rpm is to be. */
function said(...listed: readonly string[]): string | undefined {
  const standing = new Map(
    listed.map((one) => {
      const [path = '', link] = one.split(' -> ');
      const kind = link !== undefined ? 'symlink' : path.endsWith('/') ? 'dir' : 'file';
      const header = { kind, path, link: link ?? '', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 } as const;
      return [path.replace(/\/$/, ''), { header, package: 'app' }] as const;
    }),
  );
  const root: Pick<Rootfs, 'at'> = { at: (path) => standing.get(path) };
  try {
    refuseLinkedAway(root, new Map([['/var/lib/rpm', 'what rpm knows']]));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

test('a link may lead to a directory that a package has, wherever the root of the image stands', () => {
  expect(said()).toBeUndefined();
  expect(said('var/', 'var/lib/')).toBeUndefined();
  expect(said('var -> usr/./state', 'usr/', 'usr/state/')).toBeUndefined();
  expect(said('var/', 'var/lib -> ../lib', 'lib -> usr/lib', 'usr/', 'usr/lib/')).toBeUndefined();
});

test('a link that leads out of the root, in a circle, or to no directory is named, with where it is', () => {
  const what = ', and what rpm knows is to be in /var/lib/rpm of the image';
  expect(said('var -> /data/var', 'data/', 'data/var/')).toBe(`/var of app is a link to /data/var${what}`);
  expect(said('var -> ../usr', 'usr/')).toBe(`/var of app is a link to ../usr${what}`);
  expect(said('var -> data', 'data -> /usr', 'usr/')).toBe(`/var of app is a link to data${what}`);
  expect(said('var/', 'var/lib -> ../var/lib')).toBe(`/var/lib of app is a link to ../var/lib${what}`);
  expect(said('var -> usr/state', 'usr/', 'usr/state/', 'usr/state/lib -> nowhere')).toBe(
    `/usr/state/lib of app is a link to nowhere${what}`,
  );
  expect(said('var/', 'var/lib/', 'var/lib/rpm')).toBe(`/var/lib/rpm of app is no directory${what}`);
});
