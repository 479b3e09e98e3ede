/** `varve sysroot create`: a sysroot of its own, for work outside of any build, as an SDK has one. */
import { handsOn } from '../execution/hands/hands-on.ts';
import { sysrootDirs } from '../execution/deeds/stage-sysroots.ts';
import { installTask } from '../graph/arrange-tasks.ts';
import type { World } from '../ports/world.ts';
import { composeSysroot, type SysrootPart } from '../sysroot/compose-sysroot.ts';
import { writeStaged } from '../sysroot/write-staged.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { parseRevision } from '../terms/revision.ts';
import type { Say } from '../terms/say.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openSite } from './editing/open-site.ts';
import { appearing, refuseFull } from './record/appearing.ts';
import { findArtifact, findWithArtifact, type Standing } from './record/find-recorded.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { resolveArtifact } from './record/resolve-revision.ts';
import { stagedArtifacts } from './record/staged-artifacts.ts';

export interface CreateSysrootRequest {
  readonly buildDir: string;
  /** A new or empty directory. */
  readonly dir: string;
  /** `RECIPE[@BUILD]`, each. */
  readonly targets: readonly string[];
}

export interface CreatedSysroot {
  readonly dir: string;
  /** Files and links. */
  readonly files: number;
  /** What is in it, by name. */
  readonly artifacts: readonly { readonly recipe: string; readonly id: string; readonly build: number }[];
}

/**
 * Writes what a recipe that needs these targets has in its sysroot: their artifacts, and those that they were built with,
 * as recorded builds had them. Native targets make a sysroot for the machine that builds.
 */
export function createSysroot(world: World, request: CreateSysrootRequest, say: Say): CreatedSysroot {
  refuseFull(world, request.dir, 'sysroot create');
  const record = openRecord(world, request.buildDir);
  const targets = request.targets.map((typed) => targetOf(record, request.buildDir, { typed, say }));
  const [first] = targets;
  if (first === undefined) throw new Error('no target');
  const other = targets.find(({ native }) => native !== first.native);
  if (other !== undefined) throw ofTwoKinds(first.native ? [other, first] : [first, other]);
  const members = new Map(targets.flatMap(({ brings }) => brings.map((each) => [keyOf(each), each])));
  for (const target of targets) members.set(keyOf(target), target);
  const sorted = [...members.values()].toSorted((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
  refuseTwice(sorted);
  const artifacts = sorted.map((member) => ({ member, resolved: resolveArtifact(record, member.standing) }));
  const composition = composeSysroot(artifacts.map(({ member, resolved }) => partOf(member, resolved)));
  const missing = [...composition.entries].map(([path, staged]) => ({ path, staged, replaces: false }));
  const { xattrs } = handsOn(world);
  appearing(world, request.dir, (dir) =>
    writeStaged(world.fs, { dir, composition, standing: new Map(), missing, ...(xattrs && { xattrs }) }),
  );
  return {
    dir: request.dir,
    files: missing.filter(({ staged }) => staged.kind !== 'dir').length,
    artifacts: artifacts.map(({ member, resolved }) => ({
      recipe: member.recipe,
      id: resolved.id ?? '',
      build: member.standing.build.n,
    })),
  };
}

/** An artifact that goes in. */
interface Member {
  readonly recipe: string;
  readonly standing: Standing;
  /** Its SYSROOT_DIRS. */
  readonly dirs: readonly string[] | undefined;
}

interface Target extends Member {
  readonly native: boolean;
  readonly brings: readonly Member[];
}

function targetOf(
  record: TheRecord,
  buildDir: string,
  { typed, say }: { readonly typed: string; readonly say: Say },
): Target {
  const revision = parseRevision(typed);
  if (revision.kind !== 'artifact') {
    throw new VarveError('usage', `"${typed}" is no artifact, and a sysroot is made of those`, {
      hints: ['varve sysroot create DIR RECIPE   or RECIPE@BUILD'],
    });
  }
  const { site } = openSite(record.world, { buildDir, recipe: revision.recipe }, say);
  const { name, packageArch, native } = site.recipe;
  const named = { recipe: name, arch: revision.arch ?? packageArch };
  const standing = findWithArtifact(record, named, { build: revision.build });
  return {
    recipe: name,
    standing,
    dirs: sysrootDirs(site),
    native,
    brings: broughtBy(record, standing, native),
  };
}

/** What it was built with, of its own kind: as it was then, by the inputs of the task that made it. */
function broughtBy(record: TheRecord, { recipe }: Standing, native: boolean): readonly Member[] {
  const staged = stagedArtifacts(recipe.inputs(installTask) ?? []);
  return staged.flatMap(({ recipe: name, id, dirs }) => {
    const standing = findArtifact(record, { recipe: name, id });
    if (standing === undefined) throw notRecorded(name, id, recipe);
    return standing.recipe.isNative() === native ? [{ recipe: name, standing, dirs }] : [];
  });
}

function partOf(
  { recipe, dirs }: Member,
  { objects, tree, time }: ReturnType<typeof resolveArtifact>,
): SysrootPart {
  return { recipe, objects, tree, ...(time !== undefined && { time }), ...(dirs !== undefined && { dirs }) };
}

/** An artifact comes once, whoever brings it. */
function keyOf({ recipe, standing }: Member): string {
  return `${recipe} ${standing.recipe.artifact()?.id ?? ''}`;
}

function notRecorded(name: string, id: string, { recipe }: Standing['recipe']): VarveError {
  const artifact = `the artifact ${id.slice(0, 12)} of ${name}, with which ${recipe} was built,`;
  return new VarveError('usage', `${artifact} is in no recorded build`, {
    hints: [`varve build ${recipe}   records what it stands on`],
  });
}

function ofTwoKinds([target, native]: readonly [Member, Member]): VarveError {
  return new VarveError(
    'usage',
    `${target.recipe} is for the target and ${native.recipe} for the machine that builds: they go into no one sysroot`,
    { hints: ['Make two, in two directories.'] },
  );
}

/** Of targets from several builds, which need one recipe in two states. */
function refuseTwice(sorted: readonly Member[]): void {
  const twice = sorted.find((member, at) => sorted[at - 1]?.recipe === member.recipe);
  if (twice === undefined) return;
  const { recipe } = twice;
  const builds = sorted.filter((each) => each.recipe === recipe).map(({ standing }) => standing.build.n);
  throw new VarveError('usage', `these targets need ${recipe} of build ${builds.join(' and of build ')}`, {
    hints: [`varve diff ${builds.map((n) => `${recipe}@${n}`).join(' ')}   shows how they differ`],
  });
}
