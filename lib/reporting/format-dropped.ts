import type { Dropped } from '../operations/drop-edits.ts';

/** Tells what the WORKDIR shows now, and where the edits are. */
export function formatDropped({ recipe, kept, task }: Dropped): string {
  const shows = task === undefined ? '' : `, its WORKDIR is as ${task} left it`;
  const last = kept.at(-1);
  const where =
    last === undefined
      ? ''
      : `the edits stay in the record as ${kept.join(', ')}: varve diff ${recipe}:${last}\n`;
  return `${recipe} is built without edits again${shows}\n${where}`;
}
