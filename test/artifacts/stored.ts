/** A store in memory with images in it. */
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { exportArtifact } from '../../lib/artifacts/export-artifact.ts';
import { type ArtifactStore, openStore } from '../../lib/artifacts/store.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { Signature } from '../../lib/terms/ids.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

export const IMAGE: Readonly<Record<string, Planted>> = {
  'usr/lib/libz.so.1': { text: 'ELF', mode: 0o755 },
  'usr/lib/libz.so': { link: 'libz.so.1' },
  'usr/bin/su': { text: 'su', mode: 0o4755, uid: 1, gid: 2 },
  'usr/bin/sv': { hardlink: 'usr/bin/su' },
  '.git/config': '[core]',
  '.varve/odd': 'x',
  'caf\u00e9\n': 'bytes',
  'var/empty': { dir: 0o700 },
  'var/pipe': { fifo: 0o600 },
};

export const signature = (digit: string): Signature => digit.repeat(64) as Signature;

export function newStore(): { readonly fs: FileSystem; readonly store: ArtifactStore } {
  const fs = memoryFileSystem();
  return { fs, store: openStore({ fs, dir: '/artifacts' }) };
}

/** Puts an image into the store under a signature. */
export function put(
  store: ArtifactStore,
  image: Readonly<Record<string, Planted>>,
  under = signature('a'),
): AcEntry {
  const objects = memoryObjects();
  const exported = exportArtifact({ objects, tree: artifactOf(objects, image), time: 1_700_000_000, store });
  const built = { recipe: 'zlib', version: '1.3-r0', task: 'do_install', signature: under };
  const entry: AcEntry = { schema: 1, ...built, ...exported, builtBy: { host: 'h', varve: '0.1.0' } };
  return store.publish(entry).entry;
}

/** Changes the bytes of a file. */
export function alter(fs: FileSystem, path: string, change: (bytes: Buffer) => Buffer): void {
  fs.writeFileSync(path, change(Buffer.from(fs.readFileSync(path))));
}
