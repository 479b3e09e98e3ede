import type { World } from '../../ports/world.ts';

/** Makes a fifo with the program of that name: node has no call for it. The path may be any bytes, arguments may not. */
export function makeFifo(world: World, path: Buffer, mode: number): void {
  const octal = [...path].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  const script = 'path="$(printf "%bx" "$1")" && exec mkfifo -m "$2" -- "${path%x}"';
  world.run('/bin/sh', ['-c', script, 'sh', octal, mode.toString(8)], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
}
