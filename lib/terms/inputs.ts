/** What a task's output depends on, item by item: hashed into the signature, stored, and shown by `why`. */

/** Kinds of input, in the words that `varve show` and `inputs/<task>` use. */
export type InputKind =
  | 'task' // the task's own text
  | 'variable'
  | 'function'
  | 'flag' // a flag that changes how the task runs: `do_compile[dirs]`
  | 'file' // a local file: name as in SRC_URI, value `sha256:…`
  | 'source' // something fetched: its URI, value the checksum or the resolved revision
  | 'hosttool'
  | 'artifact' // an artifact in the sysroot: recipe name, value its artifact id
  | 'produced' // another recipe's task: task id, value the id of what it produced
  | 'after' // a task of the same recipe that this one depends on: task name, value its signature, then the id of what it produced if this one is made of that
  | 'edited'; // a person's edits that the task goes on with: value the tree id

export interface Input {
  readonly kind: InputKind;
  readonly name: string;
  readonly value: string;
  /** Where the value was set, `file:line`, or which file it is; shown, never hashed. */
  readonly at?: string;
  /** Every statement that had a part in the value, `at` among them; absent where it was one. */
  readonly parts?: readonly InputPart[];
}

/** A statement that had a part in a value. */
export interface InputPart {
  readonly at: string;
  /** Eight hex digits that tell its text from others: lines move. */
  readonly mark: string;
}
