import { installTask } from '../../graph/arrange-tasks.ts';
import { isKnownToStand } from '../building/idle-build.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { Explanation } from './explanation.ts';

/**
 * Explains why a task would run, or of a recipe do_install, else the first task made of its artifact that has a cause to;
 * undefined where none would, or where the metadata cannot tell.
 */
export async function explainNow(
  record: TheRecord,
  { recipe, task }: { readonly recipe: string; readonly task?: string },
): Promise<Explanation | undefined> {
  const { buildDir } = record.places;
  const first = task ?? installTask;
  if (isKnownToStand(record.world, { buildDir, target: recipe, task: first })) return undefined;
  // What plans is loaded only where it must: that alone takes as long as a short answer.
  const { explainPlanned } = await import('./explain-planned.ts');
  return explainPlanned(record, { recipe, first, withLater: task === undefined });
}
