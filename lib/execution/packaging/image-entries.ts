/** What stands below a directory on disk, as a target would have it. Paths are raw. */
import { fullPath } from '../../history/directory-access.ts';
import type { Found } from '../../packages/alternatives.ts';
import type { ImageEntry } from '../../packages/split-image.ts';
import type { FileSystem } from '../../ports/world.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { inside } from '../../trees/tree-metadata.ts';

/** Lists everything in it, no slash in front. */
export function imageEntries(fs: FileSystem, top: string): readonly ImageEntry[] {
  const entries: ImageEntry[] = [];
  const look = (dir: string): void => {
    for (const found of fs.readdirSync(fullPath(rawPath(top), dir), {
      withFileTypes: true,
      encoding: 'latin1',
    })) {
      const path = inside(dir, found.name);
      if (found.isDirectory()) {
        entries.push({ path, kind: 'dir' });
        look(path);
      } else entries.push({ path, kind: 'other' });
    }
  };
  if (fs.existsSync(top)) look('');
  return entries;
}

/** Looks at one of these. */
export function lookIn(fs: FileSystem, top: string, path: string): Found {
  const place = fullPath(rawPath(top), rawPath(path).slice(1));
  const stat = fs.lstatSync(place);
  if (stat.isSymbolicLink()) return { kind: 'link', to: shownPath(fs.readlinkSync(place, 'latin1')) };
  return { kind: stat.isDirectory() ? 'dir' : 'file' };
}
