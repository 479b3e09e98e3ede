import type { FileSystem } from '../../ports/world.ts';

/** Bytes that a directory and all below it take on the disk, each file once whatever its names; 0 where nothing is. */
export function diskUse(fs: FileSystem, top: string): number {
  const seen = new Set<string>();
  // Names may be any bytes.
  const open: Buffer[] = [Buffer.from(top)];
  let total = 0;
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const file = `${stat.dev} ${stat.ino}`;
    if (stat.nlink > 1 && !stat.isDirectory()) {
      if (seen.has(file)) continue;
      seen.add(file);
    }
    total += stat.blocks * 512;
    if (!stat.isDirectory()) continue;
    for (const name of namesIn(fs, path)) open.push(Buffer.concat([path, Buffer.from('/'), name]));
  }
  return total;
}

/** What cannot be looked into counts as empty. */
function namesIn(fs: FileSystem, dir: Buffer): readonly Buffer[] {
  try {
    return fs.readdirSync(dir, { encoding: 'buffer' });
  } catch {
    return [];
  }
}
