import { installTask } from '../../graph/arrange-tasks.ts';
import type { History } from '../../history/history.ts';
import type { CommitId, Signature, TreeId } from '../../terms/ids.ts';
import { once } from '../../terms/once.ts';
import { type Standing, standings } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import type { FileCounts } from './count-files.ts';
import { editNumbers } from './edit-numbers.ts';
import type { TextFound } from './find-text.ts';

/** What a task did. */
export interface LogRow {
  /** Where it is another one than was asked for: a file came from it, or went into it. */
  readonly recipe?: string;
  /** `edited`: what a person typed. */
  readonly task: string;
  /** The number in `edited@<n>`, of what a person typed. */
  readonly edits?: number;
  /** The task went on with a person's edits. Absent: with none. */
  readonly edited?: true;
  /** Absent for an artifact that came from the store and was never imported. */
  readonly commit?: CommitId;
  readonly tree: TreeId;
  readonly signature?: Signature;
  /** Builds in which the recipe stood on this commit. */
  readonly builds: readonly number[];
  /** When the first of these builds ended: ISO 8601; absent where the record has it no longer. */
  readonly since?: string;
  readonly ok: boolean;
  /** No task made it here: it came from the artifact store. Absent: one did. */
  readonly restored?: true;
  /** Of its newest run; absent where nothing ran. */
  readonly durationMs?: number;
  readonly files: FileCounts;
  /** Where the text that was asked for came or went. */
  readonly found?: readonly TextFound[];
  /** What the file that was asked for was called then, where that is another name. Paths are raw, from the WORKDIR. */
  readonly path?: string;
  /** Patches that changed that file, as SRC_URI names them. */
  readonly patches?: readonly string[];
  /** Where else the task put its content. */
  readonly copies?: readonly string[];
  /** Where the task found it in its sysroot; from the top of that. */
  readonly staged?: readonly string[];
}

/** What is known of a task commit, whatever it changed. */
export type BareRow = Omit<LogRow, 'files' | 'found' | 'path' | 'patches' | 'copies' | 'staged'>;

/** Makes the function that tells of commits of a recipe. */
export function rowsOf(
  record: TheRecord,
  recipe: Pick<RecordedRecipe, 'arch' | 'recipe'>,
  history: History,
): (commit: CommitId) => BareRow {
  const rows = standings(record, recipe);
  const numbers = once(() => editNumbers(history));
  return (commit) => {
    const task = history.readTask(commit);
    const runs = history.runs.of(commit);
    const run = runs.at(-1);
    const builds = rows.filter((each) => each.recipe.names(commit)).map(({ build }) => build.n);
    const edits = task === undefined ? numbers().get(commit) : undefined;
    return {
      task: task?.task.replace(/^.*:/, '') ?? 'edited',
      ...(edits !== undefined && { edits }),
      ...(task?.edited === true && { edited: true }),
      commit,
      tree: history.objects.readCommit(commit).tree,
      ...(task === undefined ? {} : { signature: task.signature }),
      builds: builds.length > 0 ? builds : [...new Set(runs.map(({ build }) => build))],
      // A crash leaves no run behind.
      ok: run?.ok ?? task?.trailers.has('Cut-Off') !== true,
      ...(run === undefined ? {} : { durationMs: run.durationMs }),
    };
  };
}

/** Tells of an artifact that no task made here. */
export function artifactRow(record: TheRecord, { recipe }: Standing): BareRow {
  const artifact = recipe.artifact();
  if (artifact === undefined) throw new Error(`${recipe.recipe} has no artifact`);
  const { tree, commit } = artifactTreeOf(record, recipe, artifact);
  const same = standings(record, recipe).filter(
    (each) => each.recipe.names(tree) && each.recipe.artifact()?.tree === tree,
  );
  return {
    task: installTask,
    tree,
    signature: artifact.signature,
    builds: same.map(({ build }) => build.n),
    ok: true,
    restored: true,
    ...(commit === undefined ? {} : { commit }),
  };
}
