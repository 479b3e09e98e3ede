import { join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { andMore } from '../../terms/and-more.ts';

/** Says which file below a directory has capabilities, where no program is here that reads them for the record. */
export function unrecordedCapabilities(world: World, dir: string): readonly string[] {
  if (!holdsFile(world, dir)) return [];
  const { stdout } = world.run('getcap', ['-r', dir], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });
  const [first, ...others] = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${dir}/`));
  if (first === undefined) return [];
  return [
    `capabilities are not recorded without python3: ${first.slice(dir.length + 1)}${andMore(others.length)}`,
  ];
}

function holdsFile(world: World, dir: string): boolean {
  const entries = world.fs.existsSync(dir) ? world.fs.readdirSync(dir, { withFileTypes: true }) : [];
  return entries.some(
    (entry) => entry.isFile() || (entry.isDirectory() && holdsFile(world, join(dir, entry.name))),
  );
}
