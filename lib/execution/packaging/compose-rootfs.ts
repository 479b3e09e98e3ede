/** Lays packages over one another: what a root has of them, before anything is written. */
import { createHash } from 'node:crypto';
import { passOn, type Read } from '../../artifacts/read-tar.ts';
import { BLOCK, encodeHeader, padding, type TarHeader } from '../../artifacts/tar-header.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { parentOf } from '../../trees/tree-metadata.ts';
import type { PackageFile } from './open-package.ts';

export type RootedPackage = Pick<PackageFile, 'name' | 'read'>;

/** What stands at one path. */
interface Standing {
  readonly header: TarHeader;
  /** Of a file's content. */
  readonly digest: string;
  /** Whose it was first. */
  readonly package: string;
}

export interface Rootfs {
  /** By package: the paths that it installs, raw and without a slash in front, its root first. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** What stands at a path, and whose it is. */
  at(path: string): { readonly header: TarHeader; readonly package: string } | undefined;
  /** Writes a tar of it all, with what is added to it. */
  write(sink: (bytes: Uint8Array) => void, added: readonly Added[]): void;
}

/** What no package has, or has otherwise; directories that lead to it are made where there are none. */
export interface Added {
  readonly header: TarHeader;
  /** Of a file. */
  readonly content?: Buffer;
}

/**
 * Composes the root. Directories merge, and what is the same in several packages is one; any other meeting at a path is an
 * error that names both: no package manager would take the second.
 */
export function composeRootfs(packages: readonly RootedPackage[]): Rootfs {
  const standing = new Map<string, Standing>();
  const paths = new Map<string, readonly string[]>();
  for (const { name, read } of packages) {
    const own: string[] = [];
    read((header, content) => {
      const { path } = header;
      const found = { header, digest: digestOf(content), package: name };
      own.push(path);
      const known = standing.get(path);
      standing.set(path, known === undefined ? found : merged(known, found));
    });
    paths.set(name, own);
  }
  for (const { header, package: name } of standing.values()) refuseBelowLink(standing, header.path, name);
  return {
    paths,
    at: (path) => standing.get(path),
    write: (sink, added) => writeRoot(packages, { standing, added }, sink),
  };
}

function merged(known: Standing, found: Standing): Standing {
  const [one, other] = [known.header, found.header];
  if (one.kind === 'dir' && other.kind === 'dir') {
    // Whoever it is given to, and whatever is opened to others, counts.
    const { uid, gid } = one.uid === 0 && one.gid === 0 ? other : one;
    return { ...known, header: { ...one, uid, gid, mode: one.mode | other.mode } };
  }
  const same = (['kind', 'mode', 'uid', 'gid', 'size', 'link'] as const).every(
    (key) => one[key] === other[key],
  );
  if (same && known.digest === found.digest) return known;
  throw clash(one.path, known.package, found.package);
}

/** A path must not lead through a link of another package: who knows where that leads on the target. */
function refuseBelowLink(standing: ReadonlyMap<string, Standing>, path: string, name: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const parent = standing.get(path.slice(0, slash));
    if (parent !== undefined && parent.header.kind !== 'dir')
      throw clash(parent.header.path, parent.package, name);
  }
}

function clash(path: string, one: string, other: string): VarveError {
  return new VarveError('task', `/${shownPath(path)} is in ${one} and in ${other}, and not the same`, {
    hints: [
      `FILES of one of them leaves it out, or do_install:append removes it`,
      'IMAGE_INSTALL takes one of the two',
    ],
  });
}

/** Directories first; then each package's own, from its data once more; then what is added. */
function writeRoot(
  packages: readonly RootedPackage[],
  { standing, added }: { readonly standing: ReadonlyMap<string, Standing>; readonly added: readonly Added[] },
  sink: (bytes: Uint8Array) => void,
): void {
  const more = new Map(added.map((one) => [one.header.path, one]));
  const { mtime = 0 } = standing.get('')?.header ?? {};
  const plain = { kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime, link: '' } as const;
  for (const { header } of added)
    for (
      let dir = parentOf(header.path);
      dir !== '' && !standing.has(dir) && !more.has(dir);
      dir = parentOf(dir)
    )
      more.set(dir, { header: { ...plain, path: dir } });
  const all = [...standing.values(), ...more.values()].map(({ header }) => header);
  const dirs = all.filter(({ kind }) => kind === 'dir').toSorted((a, b) => byCodeUnit(a.path, b.path));
  for (const header of dirs) sink(encodeHeader(header));
  for (const { name, read } of packages) {
    read((header, content) => {
      const found = standing.get(header.path);
      if (found === undefined || found.package !== name || found.header.kind === 'dir') return;
      if (more.has(header.path)) return;
      sink(encodeHeader(found.header));
      passOn(content, sink);
      sink(Buffer.alloc(padding(found.header.size)));
    });
  }
  for (const { header, content = Buffer.alloc(0) } of more.values()) {
    if (header.kind === 'dir') continue;
    sink(encodeHeader(header));
    sink(content);
    sink(Buffer.alloc(padding(content.length)));
  }
  sink(Buffer.alloc(2 * BLOCK));
}

function digestOf(content: Read): string {
  const hash = createHash('sha256');
  passOn(content, (bytes) => hash.update(bytes));
  return hash.digest('hex');
}
