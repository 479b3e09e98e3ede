/** The graph of tasks, and the outline of the recipes that it is made of: names only, no values. */
import type { TaskId } from './ids.ts';

export interface TaskShape {
  /** With its `do_`. */
  readonly name: string;
  /** Tasks of the same recipe that it comes after; names without a task are passed over. */
  readonly after: readonly string[];
  readonly noexec: boolean;
  readonly nostamp: boolean;
  /** It is do_install or has `[artifact]`: other recipes know its result by content, and the store keeps it. */
  readonly artifact: boolean;
  /** `[deployed]`: its artifact is wanted in DEPLOY_DIR or PKGDATA_DIR, whoever else needs it. */
  readonly deployed: boolean;
  /** It reads artifacts and no WORKDIR: whatever it stands after, it starts from that of do_install. */
  readonly readsArtifacts?: boolean;
  /** It makes packages of what was installed: what that was built with is none of its inputs. */
  readonly packaging?: boolean;
  /** `[depends]`: `recipe:do_task` words. */
  readonly depends: readonly string[];
  /** `[deptask]`: these tasks of every recipe in DEPENDS. */
  readonly deptask: readonly string[];
  /** `[rdeptask]`: these tasks of every recipe in RDEPENDS. */
  readonly rdeptask: readonly string[];
  /** `[recrdeptask]`: these tasks of every recipe within reach. */
  readonly recrdeptask: readonly string[];
}

export interface RecipeShape {
  readonly name: string;
  readonly native: boolean;
  /** In addtask order. */
  readonly tasks: readonly TaskShape[];
  /** DEPENDS: names, not yet resolved to providers. */
  readonly depends: readonly string[];
  /** RDEPENDS of its packages: names, not yet resolved. */
  readonly rdepends: readonly string[];
}

/** The tasks of one recipe in order, and which state of the WORKDIR each starts from. */
export interface Arrangement {
  /** All tasks, topologically; ties in addtask order. */
  readonly order: readonly string[];
  /** Direct dependencies within the recipe, in order. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** All tasks of the recipe that it depends on, in order. */
  readonly ancestors: ReadonlyMap<string, readonly string[]>;
  /**
   * The task whose result its WORKDIR starts from. A task sees what it depends on and nothing else, so that it
   * sees the same whether other tasks ran or not. Undefined: it starts from nothing or, if it depends on
   * do_install, from the artifact.
   */
  readonly parent: ReadonlyMap<string, string | undefined>;
  /** Tasks that depend on do_install. */
  readonly afterInstall: ReadonlySet<string>;
}

export interface TaskNode {
  readonly id: TaskId;
  readonly recipe: string;
  readonly shape: TaskShape;
  /** Position in its recipe's order. */
  readonly position: number;
  /** Tasks of its own recipe that it depends on directly. */
  readonly inside: readonly TaskId[];
  /** The task of its recipe whose WORKDIR it starts from. */
  readonly parent: TaskId | undefined;
  /** Tasks of other recipes that it depends on directly. */
  readonly across: readonly TaskId[];
  readonly afterInstall: boolean;
  /**
   * Tasks of its own recipe that it knows by what they made: after do_install those with an artifact, and whatever runs in
   * every build.
   */
  readonly madeOf: readonly TaskId[];
  /** do_install depends on it. */
  readonly beforeInstall: boolean;
  /** Its artifact is all that is needed of it: no task that runs starts from its WORKDIR. */
  readonly restorable: boolean;
}

export interface TaskGraph {
  readonly tasks: ReadonlyMap<TaskId, TaskNode>;
  readonly recipes: ReadonlyMap<string, RecipeShape>;
  readonly arrangements: ReadonlyMap<string, Arrangement>;
  /**
   * The tasks whose content stands for a task before others: itself if it has an artifact, else the nearest tasks with one
   * that it stands after in its recipe, and itself by its tree where there are none, or where it runs in every build.
   */
  readonly producers: ReadonlyMap<TaskId, readonly TaskId[]>;
  readonly targets: readonly TaskId[];
}
