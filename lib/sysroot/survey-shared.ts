import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { Composition } from './compose-sysroot.ts';
import { diskPath } from './disk-path.ts';
import { standingAs, type Tampering } from './survey-sysroot.ts';
import type { Manifest, ManifestEntry } from './sysroot-manifest.ts';

/** What is in a directory where others keep files too, at the paths that are or will be staging's. */
export interface SharedSurvey {
  /** What stands as staging left it, or as it is to be. */
  readonly standing: ReadonlyMap<string, ManifestEntry>;
  /** Staging's files that somebody changed. */
  readonly changed: readonly string[];
  /** Where something stands that staging knows nothing of. */
  readonly foreign: readonly string[];
  /** Sorted by path. */
  readonly tampered: readonly Tampering[];
}

/** Looks at these paths and no others, and through no link. */
export function surveyShared(
  at: { readonly fs: FileSystem; readonly dir: string },
  manifest: Manifest | undefined,
  composition: Composition,
): SharedSurvey {
  const survey = {
    standing: new Map<string, ManifestEntry>(),
    changed: [] as string[],
    foreign: [] as string[],
    tampered: [] as Tampering[],
  };
  const told = (path: string, how: Tampering['how']): void => {
    // Between two states nobody but staging itself need have done it.
    if (manifest?.composition !== '') survey.tampered.push({ path, how });
  };
  const paths = new Set([...(manifest?.entries.keys() ?? []), ...composition.entries.keys()]);
  for (const path of [...paths].sort(byCodeUnit)) {
    const known = manifest?.entries.get(path);
    if (!isReached(at, survey.standing, path)) {
      if (known !== undefined) told(path, 'removed');
      continue;
    }
    const found = find(at, path, [known, composition.entries.get(path)]);
    if (found !== undefined) {
      survey.standing.set(path, found);
      if (known !== undefined && found.mode !== known.mode) told(path, 'changed');
    } else if (known === undefined || at.fs.lstatSync(diskPath(at.dir, path)).isDirectory()) {
      survey.foreign.push(path);
    } else {
      survey.changed.push(path);
      told(path, 'changed');
    }
  }
  return survey;
}

/** Whether something is there, and the way to it goes by directories that stand. */
function isReached(
  { fs, dir }: { readonly fs: FileSystem; readonly dir: string },
  standing: SharedSurvey['standing'],
  path: string,
): boolean {
  const parent = dirname(path);
  if (parent !== '.' && standing.get(parent)?.kind !== 'dir') return false;
  return fs.lstatSync(diskPath(dir, path), { throwIfNoEntry: false }) !== undefined;
}

/** What is there, if it is what was left there or what is to be there; a directory of others has the rights that they gave it. */
function find(
  at: { readonly fs: FileSystem; readonly dir: string },
  path: string,
  [known, wanted]: readonly [ManifestEntry | undefined, Omit<ManifestEntry, 'stat'> | undefined],
): ManifestEntry | undefined {
  const asKnown = known && standingAs(at, path, known);
  if (asKnown !== undefined || wanted === undefined) return asKnown;
  const asWanted = standingAs(at, path, { ...wanted, stat: '' });
  return asWanted?.kind === 'dir' ? { ...asWanted, mode: wanted.mode } : asWanted;
}
