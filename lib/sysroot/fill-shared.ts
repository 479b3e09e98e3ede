import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { shownPath } from '../trees/raw-text.ts';
import type { Applied, SysrootPlace } from './apply-sysroot.ts';
import {
  canStay,
  type Composition,
  composeSysroot,
  compositionId,
  isSame,
  type SharedPart,
} from './compose-sysroot.ts';
import { removeIfOurs, whereItIs } from './disk-path.ts';
import { type SharedSurvey, surveyShared } from './survey-shared.ts';
import {
  isUntouched,
  type KnownPart,
  type Manifest,
  manifestOf,
  readManifest,
  writeManifest,
} from './sysroot-manifest.ts';
import { writeStaged } from './write-staged.ts';

export interface SharedOptions extends SysrootPlace {
  readonly parts: readonly SharedPart[];
  /** What people call the directory: `DEPLOY_DIR`. */
  readonly name: string;
  /** The recipes that are built just now. */
  readonly wanted: ReadonlySet<string>;
  /** Where absent, extended attributes are left out. */
  readonly xattrs?: XattrTools;
}

/**
 * Makes of these parts what staging has in a directory where others keep files too. What is not staging's is left alone;
 * where it is in the way, or parts clash, that is an error and nothing is changed. Every file is looked at, so that
 * what somebody removed or changed is put right. Directories do not count as written or removed.
 *
 * The manifest names all that is or will be staging's while the directory is between two states: after an interrupt the
 * rest is done.
 */
export function fillShared(fs: FileSystem, options: SharedOptions): Applied {
  const at = { ...options, dir: whereItIs(fs, options.dir) };
  const manifest = readManifest(fs, at.manifest);
  if (manifest?.composition === compositionId(at.parts) && isUntouched(fs, at.dir, manifest)) {
    return { written: 0, removed: 0, tampered: [] };
  }
  const composition = composeSysroot(at.parts, { kind: 'shared', name: at.name, wanted: at.wanted });
  const survey = surveyShared({ fs, dir: at.dir }, manifest, composition);
  for (const path of survey.foreign) throw inTheWay(at, path, composition);
  return apply(fs, at, { manifest, composition, survey });
}

interface Applying {
  readonly manifest: Manifest | undefined;
  readonly composition: Composition;
  readonly survey: SharedSurvey;
}

function apply(fs: FileSystem, options: SharedOptions, { manifest, composition, survey }: Applying): Applied {
  const { dir } = options;
  const wanted = composition.entries;
  const parts = options.parts.map(knownPart);
  const gone = [...survey.standing].filter(([path, entry]) => !canStay(entry, wanted.get(path)));
  const leaving = [...survey.changed, ...gone.map(([path]) => path)].sort(byCodeUnit).toReversed();
  const left = new Set(leaving);
  const missing = [...wanted]
    .filter(([path, staged]) => !isSame(survey.standing.get(path), staged))
    .map(([path, staged]) => ({ path, staged, replaces: left.has(path) }));
  writeManifest(fs, options.manifest, between(manifest, { composition, parts }));
  for (const path of leaving) {
    if (!removeIfOurs(fs, dir, path) && wanted.has(path)) throw inTheWay(options, path, composition);
  }
  const entries =
    missing.length === 0
      ? survey.standing
      : writeStaged(fs, { ...options, composition, standing: survey.standing, missing }).entries;
  writeManifest(fs, options.manifest, { ...manifestOf(composition, entries), parts });
  if (wanted.size === 0) removeIfOurs(fs, dir, '');
  const isFile = (path: string): boolean => manifest?.entries.get(path)?.kind !== 'dir';
  return {
    written: missing.filter(({ staged }) => staged.kind !== 'dir').length,
    removed: leaving.filter((path) => !wanted.has(path) && isFile(path)).length,
    tampered: survey.tampered,
  };
}

function knownPart({ recipe, packageArch, task, tree, at, time }: SharedPart): KnownPart {
  return { recipe, packageArch, task, tree, at, ...(time !== undefined && { time }) };
}

/** All that was there and all that will be, so that either is known for staging's. */
function between(
  manifest: Manifest | undefined,
  { composition, parts }: { readonly composition: Composition; readonly parts: readonly KnownPart[] },
): Manifest {
  const entries = new Map([...manifestOf(composition, new Map()).entries, ...(manifest?.entries ?? [])]);
  return { composition: '', parts, entries };
}

function inTheWay({ dir, name }: SharedOptions, path: string, composition: Composition): VarveError {
  const [recipe = ''] = composition.entries.get(path)?.recipes ?? [];
  const full = `${dir}/${shownPath(path)}`;
  return new VarveError(
    'usage',
    `${full} is in the way: ${recipe} has something for that place in ${name}, and what is there is not varve's`,
    { hints: [`mv ${full} ELSEWHERE   if somebody needs it; then build again`] },
  );
}
