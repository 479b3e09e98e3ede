import type { Mixture } from './mixture.ts';

/** What one `varve build` was asked to do, as plain data. */
export interface BuildRequest {
  readonly buildDir: string;
  /** A recipe, a provided name, or RECIPE:TASK. */
  readonly targets: readonly string[];
  /** `-c`: the task of the targets that is wanted, with its `do_`. */
  readonly task?: string;
  /** `--runall`: this task of the targets and of everything they depend on. */
  readonly runall?: string;
  /** `-k`: goes on with what does not need the failed task. */
  readonly keepGoing: boolean;
  /** `-n`: verdicts only. */
  readonly dryRun: boolean;
  /** `-f`: runs the named task anew. */
  readonly force: boolean;
  /** `-j`: tasks at a time; absent: as many as there are processors. */
  readonly jobs?: number;
  /** False under `--no-cache`: reads no artifact and no stamp. */
  readonly cache: boolean;
  readonly offline: boolean;
  /** False under `--no-wait`: fails where another build holds the build directory. */
  readonly wait: boolean;
  /** `--name`: what the build is called besides its number. */
  readonly name?: string;
  /** One recipe is made from recorded inputs instead of what the metadata says. */
  readonly mixture?: Mixture;
  /** `-v`: tells of tasks too that had nothing to do. */
  readonly verbose: boolean;
}

export interface BuildOutcome {
  readonly ok: boolean;
  readonly interrupted: boolean;
}
