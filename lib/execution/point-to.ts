import type { World } from '../ports/world.ts';

/** Makes a link lead to a file beside it. */
export function pointTo(world: World, link: string, name: string): void {
  if (world.fs.lstatSync(link, { throwIfNoEntry: false }) !== undefined) world.fs.unlinkSync(link);
  world.fs.symlinkSync(name, link);
}
