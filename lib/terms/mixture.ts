import type { TaskId } from './ids.ts';
import type { Input } from './inputs.ts';

/** What one recipe is to be made from, whatever its metadata says: recorded inputs, of one build or of several. */
export interface Mixture {
  readonly recipe: string;
  /** By its tasks, with their `do_`. */
  readonly inputs: ReadonlyMap<string, readonly Input[]>;
  /** Has the local files of SRC_URI as the inputs say. */
  readonly filesDir: string;
  /** Tasks of other recipes: results that these stand for are used, and not made. */
  readonly standing: ReadonlyMap<TaskId, readonly Input[]>;
}
