import type { FileSystem } from '../ports/world.ts';

/** Differs from one start of the machine to the next; empty on systems that do not tell. */
export function bootId(fs: FileSystem): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
