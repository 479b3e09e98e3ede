/** Who wrote a line, as far as the record tells. */
import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import type { Doubt } from './doubt.ts';

/** A recipe as a build left it. */
export interface Standpoint {
  readonly arch: string;
  readonly recipe: string;
  readonly history: History;
  readonly build: number | undefined;
}

export type Origin =
  | {
      readonly kind: 'known';
      readonly at: Standpoint;
      readonly task: string;
      readonly patch?: string;
      readonly commit: CommitId;
      /** The task's own, which is another one where a patch is meant. */
      readonly taskCommit: CommitId;
      /** Where it was written, raw; absent where several places are as likely. */
      readonly path?: string;
    }
  | {
      readonly kind: 'unknown';
      readonly recipe: string;
      readonly doubt: Doubt;
      /** The first task whose result has the line: it wrote it, or copied what is from before. */
      readonly latest?: string | undefined;
    };
