/** Names and ids that must not be mistaken for one another. Each is made in one place. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `zlib:do_compile`: recipe name (PN), colon, task name with its `do_`. Unique within one build. */
export type TaskId = Branded<'TaskId'>;
/** Lower-case hex SHA-256 (64 digits) of a task's inputs. */
export type Signature = Branded<'Signature'>;
/** Lower-case hex SHA-256 of a task's inputs without the signatures before it, and the tree before it. */
export type StepKey = Branded<'StepKey'>;
/** Lower-case hex SHA-256 of an artifact's canonical uncompressed tar. */
export type ArtifactId = Branded<'ArtifactId'>;
/** Git object id (hex SHA-1, 40 digits) of any object. */
export type ObjectId = Branded<'ObjectId'>;
/** Object id of a commit. */
export type CommitId = ObjectId & { readonly commit: true };
/** Object id of a tree. */
export type TreeId = ObjectId & { readonly tree: true };

/** Names the task `task` (with its `do_`) of `recipe`. */
export function taskId(recipe: string, task: string): TaskId {
  return `${recipe}:${task}` as TaskId;
}

/** Takes a task id apart. */
export function splitTaskId(id: TaskId): { readonly recipe: string; readonly task: string } {
  const colon = id.lastIndexOf(':');
  return { recipe: id.slice(0, colon), task: id.slice(colon + 1) };
}

/** `compile` and `do_compile` both name the task `do_compile`. */
export function taskName(spoken: string): string {
  return spoken.startsWith('do_') ? spoken : `do_${spoken}`;
}

/** Whether a text is so many lower-case hex digits. What names become parts of paths is asked first. */
export function isHex(text: string, digits: number): boolean {
  return text.length === digits && /^[0-9a-f]*$/.test(text);
}

/** Whether a text is a whole id of a commit in anybody's repository, of SHA-1 or of SHA-256. */
export function isWholeCommitId(text: string | undefined): text is string {
  return text !== undefined && (isHex(text, 40) || isHex(text, 64));
}

/** Compares in code-unit order: the only order that enters a hash or a listing. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
