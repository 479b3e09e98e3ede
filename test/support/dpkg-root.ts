/** A root of Debian's dpkg, which needs no root for it, and the packages of a build for it. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Workspace } from './workspace.ts';

export interface DpkgRoot {
  readonly root: string;
  /** Calls dpkg on it. */
  dpkg(...args: readonly string[]): SpawnSyncReturns<string>;
  /** What the build deployed of these packages. */
  debs(...packages: readonly string[]): readonly string[];
}

/** Makes a root in a workspace, with these files by path. */
export function dpkgRoot(w: Workspace, files: Readonly<Record<string, string>> = {}): DpkgRoot {
  const root = join(w.top, 'root');
  for (const [path, text] of Object.entries({ 'var/lib/dpkg/status': '', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const dir of ['etc', 'var/lib/dpkg/updates']) mkdirSync(join(root, dir), { recursive: true });
  const options = [`--root=${root}`, '--force-not-root', '--force-script-chrootless', `--log=${w.top}/log`];
  return {
    root,
    dpkg: (...args) => spawnSync('fakeroot', ['dpkg', ...options, ...args], { encoding: 'utf8' }),
    debs: (...packages) =>
      readdirSync(w.path('tmp/deploy'), { recursive: true, encoding: 'utf8' })
        .filter((path) => packages.some((name) => path.includes(`/${name}_`)) && path.endsWith('.deb'))
        .map((path) => w.path('tmp/deploy', path)),
  };
}
