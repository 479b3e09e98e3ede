/** What a build tells while it goes: one event a line under `--json`, lines or a live view otherwise. */
import type { InputKind } from './inputs.ts';
import type { CommitId, Signature, TaskId, TreeId } from './ids.ts';
import type { Reason, VerdictKind } from './verdict.ts';

/** How many tasks came to which end. */
export interface Counts {
  readonly run: number;
  readonly restore: number;
  readonly current: number;
  readonly covered: number;
  readonly failed: number;
  /** How many of those that failed were cut off; absent: none. */
  readonly interrupted?: number;
  /** Not tried, because something they need failed. */
  readonly skipped: number;
}

/** Where room on the disk could come from. */
export interface WhatIsThere {
  /** What takes most room in the build directory, as `varve history size` has it. */
  readonly biggest?: readonly { readonly kind: string; readonly name: string; readonly size: number }[];
  /** Bytes that `varve gc` would free. */
  readonly garbage?: number;
}

export type BuildEvent =
  | {
      readonly event: 'build-started';
      readonly schema: 1;
      readonly build: number;
      readonly targets: readonly string[];
      /** `-n`: it is no build, `build` is the number that one would have. */
      readonly dryRun?: boolean;
    }
  /** How many tasks this build will have to do with, as far as known; may grow. */
  | { readonly event: 'progress'; readonly done: number; readonly total: number }
  | { readonly event: 'task-started'; readonly task: TaskId; readonly log: string }
  | TaskFinished
  | {
      readonly event: 'verdict';
      readonly task: TaskId;
      readonly verdict: VerdictKind;
      readonly reason?: Reason;
      readonly on?: readonly TaskId[];
    }
  /** What is worth saying, with what it is about; an error here leaves the rest of the build alone. */
  | {
      readonly event: 'message';
      readonly level: 'note' | 'warning' | 'error';
      readonly text: string;
      readonly about?: string;
      readonly hints?: readonly string[];
    }
  /** Metadata that is not the same each time it is read: an input of a task that ran comes out otherwise another time. */
  | Unsteady
  /** Less room is left than BB_DISKMON_DIRS asks for. Unless it is a warning no task starts any more, and the build has failed. */
  | ({
      readonly event: 'disk-low';
      /** `halt`: tasks that run are ended. */
      readonly action: 'warn' | 'stop' | 'halt';
      readonly dir: string;
      readonly what: 'bytes' | 'inodes';
      readonly free: number;
      readonly limit: number;
    } & WhatIsThere)
  /** Something found no room on the disk, so the build fails; `free` is in bytes, `variable` says where `dir` is. */
  | ({
      readonly event: 'disk-full';
      readonly variable: 'TMPDIR' | 'HISTORY_DIR' | 'ARTIFACT_DIR' | 'DL_DIR';
      readonly dir: string;
      readonly free: number;
    } & WhatIsThere)
  | {
      readonly event: 'build-finished';
      readonly build: number;
      readonly ok: boolean;
      readonly counts: Counts;
      /** How many warnings the build gave, the recipes' own among them. */
      readonly warnings: number;
      /** How many targets could not be tried for what their metadata says, and limits that stopped the build. */
      readonly errors: number;
      readonly durationMs: number;
      readonly interrupted?: boolean;
    };

export interface Unsteady {
  readonly event: 'unsteady';
  /** The first task that has it, and how many have it in all. */
  readonly task: TaskId;
  readonly tasks: number;
  readonly kind: InputKind;
  readonly name: string;
  /** Where it was set, `file:line`. */
  readonly at?: string;
  /** What it was for this build, and what another time. */
  readonly values: readonly [string, string];
  /** The signature holds the value; else only the text that makes it, so that nothing tells one result from the other. */
  readonly signed: boolean;
}

export interface TaskFinished {
  readonly event: 'task-finished';
  readonly task: TaskId;
  readonly verdict: VerdictKind;
  readonly ok: boolean;
  readonly signature: Signature;
  readonly commit?: CommitId;
  readonly tree?: TreeId;
  readonly durationMs: number;
  /** The part of durationMs that went into the record. */
  readonly recordMs: number;
  /** Restored: where from, if not from the artifact store. */
  readonly from?: string;
  readonly log?: string;
  readonly exitCode?: number;
  /** It did not fail by itself: Ctrl-C cut it off, or a full disk. */
  readonly interrupted?: boolean;
  /** On failure: the last lines of the log, the run script, what wrote its function, and the commands to type next. */
  readonly failure?: {
    readonly message: string;
    readonly tail: readonly string[];
    readonly script?: string;
    /** `file:line` of each statement. */
    readonly writtenAt?: readonly string[];
    readonly hints: readonly string[];
    /** It found no room on the disk. */
    readonly noRoom?: true;
  };
}
