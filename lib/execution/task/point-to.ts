import type { World } from '../../ports/world.ts';

/** Makes a link lead to a file beside it. */
export function pointTo(world: World, link: string, name: string): void {
  world.fs.rmSync(link, { recursive: true, force: true });
  world.fs.symlinkSync(name, link);
}
