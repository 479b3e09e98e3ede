import { join } from 'node:path';
import type { World } from '../ports/world.ts';

/** More are not told. */
const told = 5;

/** Says which files below a directory have capabilities, which the record does not hold; nothing without getcap. */
export function unrecordedCapabilities(world: World, dir: string): readonly string[] {
  if (!holdsFile(world, dir)) return [];
  const { stdout } = world.run('getcap', ['-r', dir], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${dir}/`))
    .slice(0, told)
    .map((line) => `capabilities of files are not recorded: ${line.slice(dir.length + 1)}`);
}

function holdsFile(world: World, dir: string): boolean {
  const entries = world.fs.existsSync(dir) ? world.fs.readdirSync(dir, { withFileTypes: true }) : [];
  return entries.some(
    (entry) => entry.isFile() || (entry.isDirectory() && holdsFile(world, join(dir, entry.name))),
  );
}
