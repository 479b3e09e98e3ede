/** What changed from the sysroots of one task to those of another, by the artifacts that the record says were in them. */
import type { Contents } from '../ports/objects.ts';
import type { World } from '../ports/world.ts';
import { stagingRule } from '../sysroot/staging-rule.ts';
import { byCodeUnit, taskName } from '../terms/ids.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { compareResolved } from './comparing/compare-resolved.ts';
import type { Difference, FileDifference, RecipeDifference } from './comparing/difference.ts';
import { pathsInRecipe, WHOLE } from './comparing/paths-in-recipe.ts';
import { findArtifact, findRecorded, type Standing } from './record/find-recorded.ts';
import { openEach } from './record/open-named.ts';
import type { TheRecord } from './record/open-record.ts';
import { resolveArtifact } from './record/resolve-revision.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';
import { type StagedArtifact, stagedArtifacts } from './record/staged-artifacts.ts';

/** The sysroots of one task: the recipes whose artifacts are in them. */
interface Staging {
  readonly rev: string;
  readonly record: TheRecord;
  readonly artifacts: ReadonlyMap<string, StagedArtifact>;
}

/** Compares the sysroots of two tasks; a REV without a task means what the recipe is configured with. */
export function diffSysroots(
  world: World,
  request: {
    readonly buildDir: string;
    readonly revs: readonly [string, string];
    /** Only these paths and what is below them, with or without the recipe before them; none: all. */
    readonly paths: readonly string[];
  },
): Difference {
  const [from, to] = openEach(world, request.buildDir, request.revs).map(({ record, rev }) =>
    stagingOf(record, rev),
  );
  if (from === undefined || to === undefined) throw new Error('two sysroots are compared');
  const recipes: RecipeDifference[] = [];
  const files: FileDifference[] = [];
  const contents = new Map<string, Contents>();
  const found = new Set<string>();
  for (const recipe of [...new Set([...from.artifacts.keys(), ...to.artifacts.keys()])].toSorted(
    byCodeUnit,
  )) {
    const [old, now] = [from.artifacts.get(recipe), to.artifacts.get(recipe)];
    if (old?.id === now?.id && old?.dirs?.join(' ') === now?.dirs?.join(' ')) continue;
    const status = old === undefined ? 'A' : now === undefined ? 'D' : 'M';
    const [before, after] = [foundIn(from.record, old), foundIn(to.record, now)];
    const told: RecipeDifference = { recipe, status, artifact: true, ...sysrootOf(after ?? before) };
    const meant = pathsInRecipe(recipe, request.paths);
    const whole = meant.get(WHOLE);
    if (whole !== undefined) found.add(whole);
    // All files of a recipe that is new would drown what changed.
    if (old === undefined || now === undefined) {
      if (meant.size === 0 || whole !== undefined) recipes.push(told);
      continue;
    }
    const ends = {
      from: treeOf(from.record, { staged: old, found: before }),
      to: treeOf(to.record, { staged: now, found: after }),
    };
    const compared = compareResolved(ends, [...meant.keys()]);
    for (const [own, typed] of meant) if (!compared.absent?.includes(own)) found.add(typed);
    const staged = compared.files.filter(stagedIn(old, now));
    if (meant.size > 0 && whole === undefined && staged.length === 0) continue;
    recipes.push(told);
    files.push(...staged.map((file) => ({ recipe, ...file })));
    contents.set(recipe, compared.contents(undefined));
  }
  return {
    from: { rev: from.rev },
    to: { rev: to.rev },
    recipes,
    files,
    absent: request.paths.filter((path) => !found.has(path)),
    contents: (recipe = '') => {
      const own = contents.get(recipe);
      if (own === undefined) throw new Error(`nothing of ${recipe} was compared`);
      return own;
    },
  };
}

function stagingOf(record: TheRecord, typed: string): Staging {
  const rev = parseRevision(typed);
  if (rev.kind !== 'artifact' && rev.kind !== 'task') throw noSysroot(typed);
  const { recipe, build } = findRecorded(record, rev, rev.build);
  const task = rev.kind === 'task' ? taskName(rev.task) : 'do_configure';
  const inputs = recipe.inputs(task);
  if (inputs === undefined) throw noSysroot(`${recipe.recipe}@${build.n}:${task}`);
  const artifacts = new Map(stagedArtifacts(inputs).map((staged) => [staged.recipe, staged]));
  return { rev: `${recipe.recipe}@${build.n}:${task}`, record, artifacts };
}

function foundIn(record: TheRecord, staged: StagedArtifact | undefined): Standing | undefined {
  return staged && findArtifact(record, staged);
}

function sysrootOf(found: Standing | undefined): Pick<RecipeDifference, 'sysroot'> {
  return found === undefined ? {} : { sysroot: found.recipe.isNative() ? 'native' : 'target' };
}

function treeOf(
  record: TheRecord,
  { staged, found }: { readonly staged: StagedArtifact; readonly found: Standing | undefined },
): ResolvedTree {
  if (found !== undefined) return resolveArtifact(record, found);
  throw new VarveError(
    'usage',
    `the artifact ${staged.id.slice(0, 12)} of ${staged.recipe}, which was in the sysroot, is in no recorded build`,
  );
}

/** A file that is in one of the sysroots at least; what one leaves out by its SYSROOT_DIRS is told as in the artifact. */
function stagedIn(old: StagedArtifact, now: StagedArtifact): (file: FileDifference) => boolean {
  const rules = [stagingRule(old.dirs), stagingRule(now.dirs)];
  return ({ path, from, to }) => {
    const kind = (((to ?? from)?.mode ?? 0) & 0o170000) === 0o40000 ? 'dir' : 'file';
    return rules.some((rule) => rule(path, kind));
  };
}

function noSysroot(typed: string): VarveError {
  return new VarveError('usage', `${typed} has no recorded sysroot`, {
    hints: ['varve sysroot diff zlib@1 zlib@2   compares what they were configured with'],
  });
}
