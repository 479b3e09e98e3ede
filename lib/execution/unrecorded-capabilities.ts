import type { World } from '../ports/world.ts';

/** More are not told. */
const told = 5;

/** Says which files below a directory have capabilities, which the record does not hold; nothing without getcap. */
export function unrecordedCapabilities(world: World, dir: string): readonly string[] {
  const { stdout } = world.run('getcap', ['-r', dir], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${dir}/`))
    .slice(0, told)
    .map((line) => `capabilities of files are not recorded: ${line.slice(dir.length + 1)}`);
}
