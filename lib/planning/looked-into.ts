import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';
import { createDependedOn, type DependedOn } from './depended-on.ts';

/**
 * Answers which tasks of other recipes left, in those recipes' WORKDIRs, what a task may look at. A task that depends on another
 * recipe's artifact has it in its sysroot; on any other task, it may read what that left in its WORKDIR.
 */
export function createLookedInto(graph: TaskGraph): DependedOn {
  return createDependedOn(graph, isInWorkdir);
}

/** What tasks after do_install leave is in a directory of their own. */
const isInWorkdir = ({ shape, afterInstall, beforeInstall }: TaskNode): boolean =>
  !shape.artifact && !afterInstall && (!shape.noexec || beforeInstall);
