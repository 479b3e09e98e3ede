import type { Input } from '../../terms/inputs.ts';

/** An artifact in the sysroots of a task. */
export interface StagedArtifact {
  readonly recipe: string;
  readonly id: string;
  /** Only what is at or below these is in the sysroot; absent: everything. */
  readonly dirs?: readonly string[];
}

/** Tells which artifacts a task found in its sysroots: the value of such an input is `<id>` or `<id> only <dirs>`. */
export function stagedArtifacts(inputs: readonly Input[]): readonly StagedArtifact[] {
  return inputs
    .filter(({ kind }) => kind === 'artifact')
    .map(({ name, value }) => {
      const [id = '', , ...dirs] = value.split(' ');
      return { recipe: name, id, ...(dirs.length > 0 && { dirs }) };
    });
}
