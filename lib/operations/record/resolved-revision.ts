import type { ObjectStore } from '../../ports/objects.ts';
import type { ArtifactId, CommitId, Signature, TreeId } from '../../terms/ids.ts';

/** What a REV other than a build turned out to be. */
export interface ResolvedTree {
  readonly kind: 'artifact' | 'task' | 'failed' | 'edited';
  /** The whole name, as it can be typed again. */
  readonly rev: string;
  readonly arch: string;
  readonly recipe: string;
  readonly objects: ObjectStore;
  readonly tree: TreeId;
  /** Where the paths that people speak of begin: the image for an artifact, the WORKDIR for a task. */
  readonly top: 'image' | '';
  readonly commit?: CommitId;
  /** Absent for an artifact and for edits. */
  readonly task?: string;
  readonly signature?: Signature;
  /** Of an artifact. */
  readonly id?: ArtifactId;
  /** The time of all that is in an artifact, in seconds. */
  readonly time?: number;
  /** The build that it was looked up in. */
  readonly build?: number;
}
