/** What the functions of a task tell people with bbwarn, bberror, bb.warn and bb.error: noted in T, beside the log. */
import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { readPart, sizeOf } from './run-notes.ts';
import type { Site } from '../workdir/site.ts';

/** Where `logging.bbclass` and `run_task.py` write: texts with a NUL after each, `WARNING: ` or `ERROR: ` in front. */
const noteOf = (site: Site): string => join(site.recipe.dirs.t, 'warnings');

/** What goes beyond these bytes is in the log only. */
const limit = 1024 * 1024;

/** Forgets what a task before said that nobody came to read. */
export function forgetWarnings(world: World, site: Site): void {
  world.fs.rmSync(noteOf(site), { recursive: true, force: true });
}

/** Takes what the task said, each text once. Why a task failed is told beside the failure: of that only warnings. */
export function takeWarnings(world: World, site: Site, ok: boolean): readonly string[] {
  const note = noteOf(site);
  const size = sizeOf(world.fs, note);
  if (size === undefined) return [];
  const text = readPart(world.fs, note, 0, Math.min(size, limit)).toString('utf8');
  forgetWarnings(world, site);
  const told = text.split('\0').map((one) => one.trimEnd());
  return [...new Set(told)]
    .filter((one) => one.startsWith('WARNING: ') || (ok && one.startsWith('ERROR: ')))
    .map((one) => one.replace(/^WARNING: /, ''));
}
