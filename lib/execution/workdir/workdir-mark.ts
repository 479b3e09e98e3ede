/** What is being done to a WORKDIR, written down beside its history before it begins and taken away at its end. */
import { replaceFile } from '../../history/replace-file.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId, Signature } from '../../terms/ids.ts';
import { workdirMark } from '../../terms/places.ts';
import type { Site } from './site.ts';

/** A task runs. */
export interface TaskMark {
  readonly kind: 'task';
  readonly task: string;
  readonly signature: Signature;
  /** WORKDIR holds the directory of a task after do_install. */
  readonly swapped: boolean;
}

/** The WORKDIR goes from what HEAD says to another commit; null: to an empty WORKDIR. */
export interface MovingMark {
  readonly kind: 'moving';
  readonly to: CommitId | null;
}

/** To be called before it begins. */
export function writeMark(world: World, site: Site, mark: TaskMark | MovingMark): void {
  const path = workdirMark(site.gitDir);
  replaceFile(world.fs, { path, temporary: `${path}.new` }, JSON.stringify(mark));
}

/** To be called at its end. */
export function removeMark(world: World, site: Site): void {
  world.fs.rmSync(workdirMark(site.gitDir), { force: true });
}

/** Who finds one knows what did not come to its end; undefined where there is none that can be read. */
export function readMark(world: World, site: Site): TaskMark | MovingMark | undefined {
  const path = workdirMark(site.gitDir);
  // Mostly there is none: to ask first takes a tenth of what an error takes.
  if (!world.fs.existsSync(path)) return undefined;
  try {
    const mark = JSON.parse(world.fs.readFileSync(path, 'utf8')) as TaskMark | MovingMark;
    return mark.kind === 'task' || mark.kind === 'moving' ? mark : undefined;
  } catch {
    return undefined;
  }
}
