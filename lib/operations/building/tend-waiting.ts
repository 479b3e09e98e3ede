import type { World } from '../../ports/world.ts';
import { type Places, waitingMark } from '../../terms/places.ts';

/** Has gc run in the background, which compresses first what waits for that. */
export function startTending(world: World, { buildDir }: Places): void {
  world.startIdle(['gc', '--idle', '-B', buildDir]);
}

/** After a build that wrote nothing, but ended whatever was compressing what others wrote. */
export function tendWaiting(world: World, places: Places): void {
  if (world.fs.existsSync(waitingMark(places))) startTending(world, places);
}
