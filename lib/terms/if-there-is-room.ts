import { isDiskFull } from './is-disk-full.ts';

/** Does what may be left undone where the disk is full; answers whether there was room for it. */
export function ifThereIsRoom(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  }
}
