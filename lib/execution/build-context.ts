/** What all the deeds of one build share. */
import type { Mirrors } from '../artifacts/mirrors.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { SysrootParts } from '../graph/sysroot-parts.ts';
import type { KnownResults } from '../planning/planner.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import type { World } from '../ports/world.ts';
import type { FileMemo } from '../sources/source-context.ts';
import type { BuildEvent } from '../terms/events.ts';
import type { TaskId } from '../terms/ids.ts';
import type { Places } from '../terms/places.ts';
import type { TaskGraph } from '../terms/task-graph.ts';
import type { DeepKeys } from './plan/deep-keys.ts';
import type { EditsInBuild } from './edits/edits-in-build.ts';
import type { Judging } from './results/judging.ts';
import type { Signer } from './plan/sign-tasks.ts';
import type { Site } from './workdir/site.ts';

export interface BuildContext extends Judging {
  readonly world: World;
  readonly places: Places;
  readonly graph: TaskGraph;
  readonly store: ArtifactStore;
  /** Where else artifacts are looked for; undefined: nowhere. */
  readonly mirrors: Mirrors | undefined;
  readonly runner: TaskRunner;
  readonly number: number;
  /** Tasks that run whatever stands for them. */
  readonly forced: ReadonlySet<TaskId>;
  /** False: no artifact and no stamp is read. */
  readonly cache: boolean;
  readonly offline: boolean;
  /** Nothing is written: it is only asked what would be done. */
  readonly dryRun: boolean;
  /** Directories that no task may write to, whatever lies around them. */
  readonly readOnly: readonly string[];
  readonly memo: FileMemo;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
  readonly site: (recipe: string) => Site;
  readonly sysroot: (task: TaskId) => SysrootParts;
  readonly signer: Signer;
  readonly deepKey: DeepKeys;
  readonly known: KnownResults;
  readonly edits: EditsInBuild;
}
