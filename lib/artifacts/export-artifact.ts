import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/objects.ts';
import type { ArtifactId, TreeId } from '../terms/ids.ts';
import type { AcEntry } from './ac-entry.ts';
import type { ArtifactStore } from './store.ts';
import { type Watch, writeTar } from './write-tar.ts';

export interface ExportOptions {
  readonly objects: ObjectStore;
  /** The artifact's tree: `image` and its metadata. */
  readonly tree: TreeId;
  /** SOURCE_DATE_EPOCH: the time of everything in the archive. */
  readonly time: number;
  readonly store: ArtifactStore;
  readonly watch?: Watch | undefined;
}

/** The part of an ac entry that the content decides. */
export type Exported = Pick<AcEntry, 'id' | 'tree' | 'archive' | 'unpacked' | 'time'>;

/** Writes an artifact's canonical tar, compressed, into the store; its id is the SHA-256 of the tar. */
export function exportArtifact(options: ExportOptions): Exported {
  const { tree, time } = options;
  const hash = createHash('sha256');
  let unpacked = 0;
  const archive = options.store.archives.write((sink) =>
    writeTar(options, (bytes) => {
      hash.update(bytes);
      unpacked += bytes.length;
      sink(bytes);
    }),
  );
  return { id: hash.digest('hex') as ArtifactId, tree, archive, unpacked, time };
}
