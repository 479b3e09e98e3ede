/** Who vouched for artifacts that came into a history from elsewhere; a commit, being the same wherever it is made, cannot tell. */
import { dirname } from 'node:path';
import { formatAcEntry, parseAcEntry, type AcEntry } from '../../artifacts/ac-entry.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { ArtifactId, Signature } from '../../terms/ids.ts';
import { artifactOrigin } from '../../terms/places.ts';

/** Keeps the entry with which an artifact came into a history. */
export function keepOrigin(fs: FileSystem, gitDir: string, entry: AcEntry): void {
  const path = artifactOrigin(gitDir, entry.signature);
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, formatAcEntry(entry));
}

/** The entry with which an artifact came; undefined: it was made here, or nobody remembers. */
export function originOf(
  fs: FileSystem,
  gitDir: string,
  artifact: { readonly signature: Signature; readonly id: ArtifactId },
): AcEntry | undefined {
  const path = artifactOrigin(gitDir, artifact.signature);
  if (!fs.existsSync(path)) return undefined;
  const entry = parseAcEntry(fs.readFileSync(path, 'utf8'), artifact.signature);
  return typeof entry === 'string' || entry.id !== artifact.id ? undefined : entry;
}
