/** On a full disk there must be a little room for the lock and for names, or nobody could clear it up. */
import { dirname } from 'node:path';
import type { FileSystem } from '../../ports/world.ts';
import { ifThereIsRoom } from '../../terms/if-there-is-room.ts';
import { isDiskFull } from '../../terms/is-disk-full.ts';
import { cacheDir, reservedRoom, type Places } from '../../terms/places.ts';

/** Bytes kept in reserve. */
const ROOM = 32 << 10;

/** Does what needs a little room; on a full disk what is found out again makes way, then what was reserved. */
export function makingRoom<T>(fs: FileSystem, places: Places, work: () => T): T {
  for (const path of [cacheDir(places), reservedRoom(places)]) {
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      fs.rmSync(path, { recursive: true, force: true });
    }
  }
  return work();
}

/** Reserves room for that, where there is any. */
export function reserveRoom(fs: FileSystem, places: Places): void {
  const path = reservedRoom(places);
  if (fs.existsSync(path) || !fs.existsSync(dirname(path))) return;
  if (!ifThereIsRoom(() => fs.writeFileSync(path, Buffer.alloc(ROOM, 'room for gc on a full disk\n'))))
    fs.rmSync(path, { force: true });
}
