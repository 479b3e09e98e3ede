/** Edits of which no patch can be made that applies, with what to do about them. */
import { relative } from 'node:path';
import { editsNumber } from '../../execution/workdir/find-left.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { firstParents } from '../../history/first-parents.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import { formatMailPatch } from '../../sources/format-mail-patch.ts';
import type { CommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { changedInAll } from './changed-in-all.ts';
import { findFailedPatch } from './failed-patch.ts';
import { isOnPatches } from './is-on-patches.ts';
import type { NamedPatch } from './patch-target.ts';
import { tryPatches } from './try-patches.ts';

/** Neither is to be given up for the other without a word. */
export function ofTwoKinds(
  world: World,
  site: Site,
  { inForce, shown }: { readonly inForce: CommitId; readonly shown: number },
): VarveError {
  const { name } = site.recipe;
  const rev = `${name}:edited@${editsNumber(site, inForce)}`;
  const other = `${name}:edited@${shown}`;
  const dir = relative(world.cwd, site.workdir);
  return new VarveError(
    'usage',
    `${name} is built with ${rev}, and its WORKDIR has ${other}, which was not made on that; nothing was changed`,
    {
      hints: [
        `varve shell ${rev}   goes back to what it is built with; varve edit finish ${name} then makes patches of that`,
        `varve diff ${other} | patch -p1 -d ${dir}   puts the other on it there`,
        `varve edit drop ${name}   gives up both; they stay in the record`,
      ],
    },
  );
}

/** A patch of them might not apply, or take back what others changed since. */
export function onOtherSources(world: World, site: Site, commit: CommitId): VarveError {
  const { name } = site.recipe;
  const rev = `${name}:edited@${editsNumber(site, commit)}`;
  return new VarveError('usage', `the edits of ${name} were made on other sources than it has by now`, {
    hints: [
      `varve build -c patch ${name}   makes these; the edits stay in the record as ${rev}`,
      `varve diff ${rev} | patch -p1 -d ${relative(world.cwd, site.workdir)}   puts them on these then, as one change`,
      `varve edit drop ${name}   gives them up`,
    ],
  });
}

/** Throws where edits were made before the patches of the recipe, behind which a patch of them would stand. */
export function refuseBeforePatches(
  world: World,
  site: Site,
  { base, commit }: { readonly base: TaskCommit | undefined; readonly commit: CommitId },
): void {
  const { recipe } = site;
  if (isOnPatches(site, base?.id)) return;
  const rev = `${recipe.name}:edited@${editsNumber(site, commit)}`;
  throw new VarveError(
    'usage',
    `the edits of ${recipe.name} were made on sources that not all its patches were applied to: a patch of them would stand behind these, and not apply; nothing was changed`,
    {
      hints: [
        ...stepsToPatched(world, site, { base, rev }),
        `varve edit drop ${recipe.name}   gives them up; they stay in the record as ${rev}`,
      ],
    },
  );
}

function stepsToPatched(
  world: World,
  site: Site,
  { base, rev }: { readonly base: TaskCommit | undefined; readonly rev: string },
): readonly string[] {
  const { name } = site.recipe;
  const standsOnBase = (one: TaskCommit | undefined): boolean =>
    base !== undefined && one !== undefined && firstParents(site.history().objects, one.id).includes(base.id);
  const failed = site.failed('do_patch');
  if (!standsOnBase(site.newest('do_patch')) && standsOnBase(failed)) {
    const patch = findFailedPatch(world, site, failed)?.name;
    return patch === undefined
      ? [
          `varve show ${name}:do_patch@failed   says which patch does not apply: it is to be put right by hand`,
        ]
      : [
          `varve shell ${name}:do_patch@failed   is where ${patch} does not apply: put right there what it is to do, and varve edit finish ${name} rewrites it`,
        ];
  }
  return [
    `varve shell ${name}:patch -- true   puts the WORKDIR where all are applied; the edits stay in the record as ${rev}`,
    `varve diff ${rev} | patch -p1 -d ${relative(world.cwd, site.workdir)}   puts them on that then`,
  ];
}

/** Throws where the patches would not apply, one after another, to what do_patch leaves. */
export function refuseUnfit(world: World, { recipe }: Site, files: readonly NamedPatch[]): void {
  const patches = files.map(({ path, patch }) => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    text: formatMailPatch(patch),
  }));
  const unfit = tryPatches(world, { patches, files: changedInAll(files.map(({ patch }) => patch)) });
  if (unfit !== undefined) throw wouldNotApply(recipe.name, unfit);
}

export function wouldNotApply(recipe: string, why: string): VarveError {
  return new VarveError(
    'usage',
    `the edits of ${recipe} make no patch that do_patch can apply: ${why}; nothing was changed`,
    {
      hints: [`varve diff ${recipe}:edited   shows them; they stay as they are`],
    },
  );
}
