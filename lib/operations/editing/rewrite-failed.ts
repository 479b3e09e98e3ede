import type { Site } from '../../execution/workdir/site.ts';
import { replaceFile } from '../../history/replace-file.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { changedInAll } from './changed-in-all.ts';
import { onOtherSources, wouldNotApply } from './edits-refused.ts';
import { rewrittenPatch, type FailedPatch } from './failed-patch.ts';
import type { TakenEdits } from './take-edits.ts';
import { tryPatches } from './try-patches.ts';

/** Writes the patch that did not apply as a person put it right, under its own head; gives its file. */
export function rewriteFailed(
  world: World,
  { site, commit, isAstray }: { readonly site: Site; readonly commit: CommitId; readonly isAstray: boolean },
  { failed, patches }: { readonly failed: FailedPatch } & Pick<TakenEdits, 'patches'>,
): string {
  const { fs } = world;
  const { name } = site.recipe;
  const path = fs.realpathSync(failed.path);
  const old = fs.readFileSync(path);
  const files = changedInAll(patches);
  if (files.length === 0) throw nothingIsLeft(name, failed);
  const text = rewrittenPatch(old, patches);
  // Who wrote it did not get to drop the edits.
  if (text.equals(old)) return path;
  if (isAstray) throw onOtherSources(world, site, commit);
  const unfit = tryPatches(world, { patches: [{ name: failed.name, text }], files });
  if (unfit !== undefined) throw wouldNotApply(name, unfit);
  const mode = fs.statSync(path).mode & 0o7777;
  replaceFile(fs, { path, temporary: `${path}.new`, mode }, text);
  return path;
}

function nothingIsLeft(recipe: string, { name, path }: FailedPatch): VarveError {
  return new VarveError('usage', `nothing is left that ${name} is to do; nothing was changed`, {
    place: { file: path },
    hints: [
      `take ${name} out of SRC_URI, then: varve edit drop ${recipe}`,
      `varve diff ${recipe}:edited   shows what was typed`,
    ],
  });
}
