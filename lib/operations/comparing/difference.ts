/** What `diff` answers: as data, for people and programs alike. */
import type { Contents } from '../../ports/objects.ts';
import type { CommitId, ObjectId } from '../../terms/ids.ts';

/** One end of a difference. */
export interface DifferenceEnd {
  /** As it is typed. */
  readonly rev: string;
  readonly commit?: CommitId;
}

/** A file on one side. */
export interface FileSide {
  /** The whole st_mode: type and permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Its content, or the target of a link; absent for directories and fifos. */
  readonly oid?: ObjectId;
  /** Owners, where they are recorded; absent: 0:0. */
  readonly uid?: number;
  readonly gid?: number;
  /** Extended attributes, as the metadata of a tree has them. */
  readonly xattrs?: string;
}

/** A file that one side has, or that the sides have otherwise. */
export interface FileChange {
  /** Whose file, where several recipes are compared. */
  readonly recipe?: string;
  /** Raw bytes as a latin1 string. */
  readonly path: string;
  /** A: added, M: content, mode or owner, D: deleted, T: another type. */
  readonly status: 'A' | 'M' | 'D' | 'T';
  readonly from?: FileSide;
  readonly to?: FileSide;
}

/** A file that has another name on each side. */
export interface FileRename {
  readonly recipe?: string;
  /** The new one; both raw bytes as a latin1 string. */
  readonly path: string;
  readonly oldPath: string;
  readonly status: 'R';
  /** Hundredths of the content that both sides have. */
  readonly similarity: number;
  readonly from: FileSide;
  readonly to: FileSide;
}

export type FileDifference = FileChange | FileRename;

/** Tells what a file is called on one side. */
export function pathOn(file: FileDifference, side: 'from' | 'to'): string {
  return side === 'from' && file.status === 'R' ? file.oldPath : file.path;
}

/** A recipe that differs between two builds. */
export interface RecipeDifference {
  readonly recipe: string;
  readonly status: 'A' | 'M' | 'D';
  /** Its artifact has other content; where not, only how it was made differs. */
  readonly artifact: boolean;
  /** Between sysroots: the one that it is in. */
  readonly sysroot?: 'target' | 'native';
  /** Why its files are not compared, where they are not. */
  readonly note?: string;
}

export interface Difference {
  readonly from: DifferenceEnd;
  readonly to: DifferenceEnd;
  readonly files: readonly FileDifference[];
  /** Between builds: the recipes that differ. */
  readonly recipes?: readonly RecipeDifference[];
  /** Paths that were asked for, as typed, and that no tree which was compared has. */
  readonly absent?: readonly string[];
  /** Where the content of both sides of a recipe's files can be read; undefined: the recipe that alone is compared. */
  readonly contents: (recipe: string | undefined) => Contents;
}
