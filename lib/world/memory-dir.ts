import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';

/** For files that nobody is to find: in memory where there is such a place, since a file system on a disk takes longer. */
export function memoryDir(): string {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    return memory;
  } catch {
    return tmpdir();
  }
}
