import type { World } from '../ports/world.ts';

/** What a shell answers where it does not find a program. */
const NOT_FOUND = 127;

/** Writes a text that may be long: at a terminal through VARVE_PAGER, PAGER or `less`, which leaves at once where all fits. */
export function showPaged(world: World, text: string): void {
  const pager = world.env['VARVE_PAGER'] ?? world.env['PAGER'] ?? 'less';
  const isWanted = world.stdout.isTTY && pager !== '' && pager !== 'cat';
  if (isWanted && runPager(world, pager, text)) return;
  world.stdout.write(text);
}

function runPager(world: World, pager: string, text: string): boolean {
  const own = Object.entries(world.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const ended = world.run('/bin/sh', ['-c', pager], {
    input: Buffer.from(text),
    inherit: true,
    env: { LESS: 'FRX', ...Object.fromEntries(own) },
  });
  return ended.status !== NOT_FOUND;
}
