import type { Builds } from '../../history/builds.ts';
import { openObjectStore } from '../../history/object-store.ts';
import { openRefs } from '../../history/refs.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { KnownPart } from '../../sysroot/sysroot-manifest.ts';
import type { CommitId } from '../../terms/ids.ts';
import { historyOf, type Places, refs, type SharedDir } from '../../terms/places.ts';
import { parseArtifact, recordedTask } from '../results/artifact-record.ts';

/** What the newest build's record says was deployed: where tmp is gone, nothing else tells. */
export function recordedParts(
  fs: FileSystem,
  { places, builds }: { readonly places: Places; readonly builds: Builds },
  dir: SharedDir,
): readonly KnownPart[] {
  const newest = builds.list().at(-1);
  const recipes = newest === undefined ? [] : builds.recipes(newest);
  return recipes.flatMap((key) => {
    const [packageArch = '', recipe = ''] = key.split('/');
    return builds.files(newest ?? 0, key).flatMap((path): readonly KnownPart[] => {
      const task = recordedTask(path);
      if (task === undefined) return [];
      const artifact = parseArtifact(builds.file(newest ?? 0, `${key}/${path}`)?.toString('utf8'));
      if (artifact?.deployed?.dir !== dir) return [];
      const { tree, signature, deployed } = artifact;
      const time = timeOf(fs, historyOf(places, packageArch, recipe), signature);
      return [{ recipe, packageArch, task, tree, at: deployed.at, ...(time !== undefined && { time }) }];
    });
  });
}

/** An artifact's commit has the time of all that is in it. */
function timeOf(fs: FileSystem, gitDir: string, signature: string): number | undefined {
  const commit = openRefs(fs, gitDir).read(refs.artifact(signature)) as CommitId | undefined;
  const objects = openObjectStore(fs, gitDir);
  return commit !== undefined && objects.has(commit) ? objects.readCommit(commit).time : undefined;
}
