/** Where tasks stood in a build: lines of the file `tasks` of a recipe in builds.git. */
import { type CommitId, isHex, type Signature } from '../../terms/ids.ts';

export interface RecordedTask {
  readonly task: string;
  readonly signature: Signature;
  /** Absent where it was covered: a later result stood for it. */
  readonly commit?: CommitId;
}

/** Writes a line, without its end: `do_compile <signature> <commit or ->`. */
export function formatTask({ task, signature, commit }: RecordedTask): string {
  return `${task} ${signature} ${commit ?? '-'}`;
}

/** Reads lines that {@link formatTask} wrote; others are passed over. */
export function parseTasks(text: string): readonly RecordedTask[] {
  return text
    .split('\n')
    .map(parseTask)
    .filter((task) => task !== undefined);
}

/** Reads one line; undefined for another one. */
export function parseTask(line: string): RecordedTask | undefined {
  const [task, signature, commit] = line.split(' ');
  if (task === undefined || signature === undefined || commit === undefined) return undefined;
  if (!isHex(signature, 64) || !(commit === '-' || isHex(commit, 40))) return undefined;
  const standing = { task, signature: signature as Signature };
  return commit === '-' ? standing : { ...standing, commit: commit as CommitId };
}
