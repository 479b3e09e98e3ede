/** What the deeds of one plan share, beyond the build. */
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import type { TaskFinished } from '../../terms/events.ts';
import type { CommitId, StepKey, TaskId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { DependedOn } from '../../planning/depended-on.ts';
import type { DeployBefore } from '../deploying/deploy-before.ts';
import type { Arrivals } from '../workdir/arrivals.ts';
import type { BuildContext } from '../build-context.ts';
import type { RunStep } from '../carry-out.ts';
import type { Locks } from './lock-files.ts';
import type { RunNotes } from '../task/run-notes.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import type { Sysroots } from './stage-sysroots.ts';
import type { TaskTimes } from './task-times.ts';
import type { Losses } from '../results/standing-results.ts';

export interface Doing {
  readonly context: BuildContext;
  readonly losses: Losses;
  readonly notes: RunNotes;
  readonly arrivals: Arrivals;
  readonly restored: Set<TaskId>;
  /** What is on its way from the store or a mirror, by task. */
  readonly restoring: Map<TaskId, Promise<boolean>>;
  readonly locks: Locks;
  readonly lookedInto: DependedOn;
  readonly readDeployed: DependedOn;
  /** Undefined where no task is run. */
  readonly deployBefore: DeployBefore | undefined;
  readonly times: TaskTimes;
  /** What was brought for the sysroots of tasks. */
  readonly sysroots: Map<SysrootParts, Sysroots>;
  /** Recipes in whose sysroots every file was looked at. */
  readonly lookedAt: Set<string>;
  /** What each recipe puts into the sysroots of others. */
  readonly sysrootParts: Map<string, SysrootPart>;
}

/** A task whose turn has come, and what it starts from. */
export interface Turn {
  readonly node: TaskNode;
  readonly step: RunStep;
  readonly stepKey: StepKey;
  readonly base: CommitId | undefined;
}

/** Whether a person's edits are in what the task depends on. */
export function isEdited(context: BuildContext, node: TaskNode): boolean {
  return context.signer.inputs(node.id).some((input) => input.kind === 'edited');
}

/** Tells how a task ended. */
export function emitFinished(
  context: BuildContext,
  node: TaskNode,
  told: Omit<TaskFinished, 'event' | 'task' | 'ok'>,
): void {
  context.emit({ event: 'task-finished', task: node.id, ok: told.failure === undefined, ...told });
}
