/** What `show` answers. */
import type { ArtifactId, CommitId, Signature, TaskId, TreeId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { RunRecord } from '../../terms/run-record.ts';
import type { FileCounts } from './count-files.ts';
import type { FileChange, RecipeDifference } from '../comparing/difference.ts';
import type { BuildRow } from '../list-builds.ts';

export interface ShownTask {
  readonly kind: 'task';
  readonly rev: string;
  /** A person's edits went into it. Absent: none did. */
  readonly edited?: true;
  /** These edits as a REV, where they are kept. */
  readonly edits?: string;
  readonly task: string;
  readonly ok: boolean;
  /** It was cut off; absent: it was not. */
  readonly interrupted?: boolean;
  readonly commit: CommitId;
  readonly tree: TreeId;
  readonly signature?: Signature;
  readonly builds: readonly number[];
  /** Oldest first. */
  readonly runs: readonly RunRecord[];
  readonly inputs: readonly Input[];
  /** What do_patch applied, in order. */
  readonly patches?: readonly ShownPatch[];
  readonly files: readonly FileChange[];
  readonly counts: FileCounts;
  /** Tasks of the same build that were given what it made. */
  readonly consumers: readonly TaskId[];
  /** The whole log of the newest run. */
  readonly log?: string;
  /** What of this could not be read; absent: nothing. */
  readonly warnings?: readonly string[];
}

export interface ShownPatch {
  /** As SRC_URI names it. */
  readonly name: string;
  readonly commit: CommitId;
  readonly subject: string;
  /** `Name <mail>`, where the patch says it. */
  readonly author?: string;
}

export interface ShownArtifact {
  readonly kind: 'artifact';
  readonly rev: string;
  /** A person's edits went into it. Absent: none did. */
  readonly edited?: true;
  /** These edits as a REV, where they are kept. */
  readonly edits?: string;
  readonly recipe: string;
  readonly signature: Signature;
  readonly id: ArtifactId;
  readonly tree: TreeId;
  readonly commit?: CommitId;
  readonly builds: readonly number[];
  readonly inputs: readonly Input[];
  readonly files: readonly ShownFile[];
  /** Tasks of the same build that were given it. */
  readonly consumers: readonly TaskId[];
}

export interface ShownFile {
  /** Raw bytes as a latin1 string. */
  readonly path: string;
  /** The whole st_mode. */
  readonly mode: number;
  readonly size: number;
  /** The target of a link, raw. */
  readonly target?: string;
}

export interface ShownBuild {
  readonly kind: 'build';
  readonly build: BuildRow;
  /** What the build was asked, and with what: as it is recorded. */
  readonly asked: string;
  /** The one that it is compared with; absent where none before it is here. */
  readonly before?: number;
  /** Recipes that stand otherwise than in that; all, where there is none. */
  readonly recipes: readonly RecipeDifference[];
}

export type Shown = ShownTask | ShownArtifact | ShownBuild;
