import { join } from 'node:path';
import { loadConfiguration } from '../../layers/load-configuration.ts';
import type { World } from '../../ports/world.ts';
import { findAnswer, keepAnswer } from '../../proofs/kept-answers.ts';
import { watchWorld } from '../../proofs/watch-world.ts';
import { idleBuildsDir, type Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';

/**
 * Finds where the record of a build directory is. The configuration may say so; while it cannot be read (someone is
 * in the middle of a change), the record can still be asked at the usual places.
 */
export function findPlaces(world: World, buildDir: string): Places {
  const kept = { dir: idleBuildsDir(buildDir), restless: buildDir, question: { buildDir, what: 'places' } };
  const known = findAnswer<Places>(world, kept);
  if (known?.holds() === true) return known.answer;
  const watched = watchWorld(world);
  const places = readPlaces(watched.world, buildDir);
  const asked = watched.end();
  // Who asks makes no directory: whoever builds may be somebody else.
  if (asked !== undefined && world.fs.existsSync(kept.dir))
    keepAnswer(world, kept, { answer: places, asked });
  return places;
}

function readPlaces(world: World, buildDir: string): Places {
  try {
    return loadConfiguration(world, { buildDir, python: world.python, warn: () => {} }).places;
  } catch (error) {
    if (!(error instanceof VarveError) || !world.fs.existsSync(join(buildDir, 'history'))) throw error;
    return usualPlaces(buildDir);
  }
}

function usualPlaces(buildDir: string): Places {
  const tmpDir = join(buildDir, 'tmp');
  return {
    buildDir,
    tmpDir,
    downloadDir: join(buildDir, 'downloads'),
    historyDir: join(buildDir, 'history'),
    artifactDir: join(buildDir, 'artifacts'),
    deployDir: join(tmpDir, 'deploy'),
    pkgdataDir: join(tmpDir, 'pkgdata'),
  };
}
