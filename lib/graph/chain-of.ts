import type { Arrangement } from '../terms/task-graph.ts';
import { installTask } from './arrange-tasks.ts';

/** The tasks whose states the WORKDIR of a recipe goes through: do_install and all that it depends on, in order. */
export function chainOf(arrangement: Arrangement | undefined): readonly string[] {
  return [...(arrangement?.ancestors.get(installTask) ?? []), installTask];
}
