/** The shapes of metadata that has been read. */
import type { Datastore } from '../language/datastore.ts';
import type { TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { Places } from '../terms/places.ts';
import type { VarveError } from '../terms/varve-error.ts';

export interface Layer {
  /** Its collection; without one, the name of its directory. */
  readonly name: string;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  readonly priority: number;
}

/** A `.bb` file, as far as its name tells. */
export interface RecipeFile {
  /** Absolute. */
  readonly file: string;
  /** Absolute, in the order in which they apply. */
  readonly appends: readonly string[];
  readonly layer: Layer;
  readonly name: string;
  readonly version?: string;
}

export interface TaskOf {
  /** With its `do_`. */
  readonly name: string;
  readonly deps: readonly string[];
}

/** What is known of a recipe that has been read, in plain data: it is kept between runs. */
export interface RecipeFacts {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
  /** PE; '' where there is none. */
  readonly epoch: string;
  /** DEFAULT_PREFERENCE. */
  readonly preference: number;
  readonly packageArch: string;
  /** In addtask order. */
  readonly tasks: readonly TaskOf[];
  readonly provides: readonly string[];
  /** DEPENDS without what ASSUME_PROVIDED names. */
  readonly depends: readonly string[];
  /** RDEPENDS of its packages, without those packages and what ASSUME_PROVIDED names. */
  readonly rdepends: readonly string[];
  /** Why it is not for this configuration. */
  readonly skipped?: string;
  readonly native: boolean;
  /** What BBCLASSEXTEND makes of it, itself (`''`) first. */
  readonly variants: readonly string[];
}

/** Where the work of a recipe goes on; absolute. */
export interface RecipeDirs {
  readonly workdir: string;
  readonly t: string;
  readonly d: string;
  readonly s: string;
  readonly b: string;
  readonly sysroot: string;
  readonly sysrootNative: string;
}

/** A recipe that has been read. */
export interface LoadedRecipe extends RecipeFacts {
  readonly file: string;
  readonly layer: Layer;
  readonly dirs: RecipeDirs;
  /** Its variables. They are not kept: asking for them may read the recipe again. */
  readonly data: Datastore;
  /** Python had a part in what was found out so far. */
  usedPython(): boolean;
  /**
   * What `find` makes of the variables, or made of them in an earlier run. It must follow from the variables alone and be
   * plain data, which is kept under the name `what`.
   */
  remember<T>(what: string, find: (data: Datastore) => T): T;
}

/** A recipe file that is wrong. */
export interface UnreadableRecipe extends RecipeFile {
  readonly error: VarveError;
}

/** All recipes, as far as they can be read. */
export interface Survey {
  /** The chosen recipe of every name, in code-unit order. */
  readonly recipes: readonly LoadedRecipe[];
  /** In the order of BBFILES. */
  readonly unreadable: readonly UnreadableRecipe[];
}

export interface Metadata {
  readonly places: Places;
  readonly config: Datastore;
  /** Python had a part in the configuration. */
  readonly configuredByPython: boolean;
  /** In the order of BBLAYERS. */
  readonly layers: readonly Layer[];
  readonly recipeFiles: readonly RecipeFile[];
  /** Finds the recipe for a name, which may be a provided one; throws where there is none. */
  recipe(name: string, askedBy?: string): LoadedRecipe;
  /** The same, where nobody need provide the name. */
  provider(name: string): LoadedRecipe | undefined;
  /** The same of what is needed to run, for which there may be another preference. */
  providerToRun(name: string): LoadedRecipe | undefined;
  /** The chosen recipe of every name, in code-unit order; throws where one cannot be read. */
  recipes(): readonly LoadedRecipe[];
  survey(): Survey;
  /** All metadata files read so far. */
  files(): readonly string[];
  /** What a task was made from whose recorded result is to be used, whatever the metadata says; absent: none is. */
  readonly standing?: (task: TaskId) => readonly Input[] | undefined;
  /** Keeps what was found out about recipes for later runs. */
  keep(): void;
}
