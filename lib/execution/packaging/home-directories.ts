import { readWhole } from '../../artifacts/read-tar.ts';
import type { PackageCall, Accounts } from '../../packages/system-accounts.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { inside } from '../../trees/tree-metadata.ts';
import { type Added, type RootedPackage, type Rootfs } from './compose-rootfs.ts';

export interface Homes {
  readonly calls: readonly PackageCall[];
  readonly packages: readonly RootedPackage[];
  readonly root: Rootfs;
}

/** The homes that useradd would make, with what lies in the skeleton for them. */
export function homesOf({ users }: Accounts, { calls, packages, root }: Homes): readonly Added[] {
  const { mtime = 0 } = root.at('')?.header ?? {};
  return calls.flatMap((call): readonly Added[] => {
    if (call.program !== 'useradd' || !call.user.createHome) return [];
    const { id: uid = 0, group: gid = 0 } = users.get(call.user.name) ?? {};
    const home = rawPath(call.user.home).replaceAll(/^\/+|\/+$/g, '');
    const skeleton = rawPath(call.user.skeleton).replaceAll(/^\/+|\/+$/g, '');
    if (root.at(home) !== undefined) return [];
    const added: Added[] = [
      { header: { path: home, kind: 'dir', mode: 0o755, uid, gid, size: 0, mtime, link: '' } },
    ];
    for (const { read } of packages)
      read((header, content) => {
        const { path, kind, size } = header;
        if (!path.startsWith(`${skeleton}/`) || kind === 'hardlink') return;
        const bytes = readWhole(content, size);
        const own = { ...header, path: inside(home, path.slice(skeleton.length + 1)), uid, gid };
        added.push({ header: own, ...(kind === 'file' && { content: bytes }) });
      });
    return added;
  });
}
