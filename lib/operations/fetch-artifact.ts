/** Gets an artifact that the record names from a mirror: asked for, it is the same wherever it was. */
import { openStore } from '../artifacts/store.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import type { TaskId } from '../terms/ids.ts';
import type { ArtifactAway } from '../terms/artifact-away.ts';
import { createTrust } from '../trust/trust.ts';
import { reachMirrors } from './store/reach-mirrors.ts';
import type { Say } from '../terms/say.ts';

/** Brings it into the store; false where no mirror has this very artifact. */
export async function fetchArtifact(
  world: World,
  wanted: { readonly buildDir: string; readonly away: ArtifactAway },
  say: Say,
): Promise<boolean> {
  const { buildDir, away } = wanted;
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: () => {} });
  const { signal } = new AbortController();
  const mirrors = await reachMirrors(world, metadata, {
    ask: 'all',
    // It is named by its content.
    trust: createTrust(),
    signal,
    emit: (event) => {
      if (event.event === 'message') say(`warning: ${event.text}`);
    },
  });
  const { signature, id } = away.artifact;
  const asking = { signature, task: `${away.recipe}:do_install` as TaskId };
  if ((await mirrors?.find(asking))?.id !== id) return false;
  const store = openStore({ fs: world.fs, dir: metadata.places.artifactDir });
  return (await mirrors?.bring(asking, store))?.kind === 'found';
}
