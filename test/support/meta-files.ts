import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** varve's own metadata, where a world in memory says that it lies. */
export function metaFiles(): Readonly<Record<string, string>> {
  const found = readdirSync('lib/meta', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    found.map((path) => [join('/varve/meta', relative('lib/meta', path)), readFileSync(path, 'utf8')]),
  );
}
