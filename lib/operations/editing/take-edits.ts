/** What a person typed, as patches; refused where there is nothing that a patch could tell. */
import type { Site } from '../../execution/workdir/site.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import { closest } from '../../terms/closest.ts';
import type { CommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import { gitIdentity } from '../shells/git-identity.ts';
import { editsAsPatches, type EditsAsPatches, type LeftOut } from './edits-as-patches.ts';
import { findFailedPatch, rejectsLeft, stepsOfFailed, type FailedPatch } from './failed-patch.ts';
import { refuseUnsure } from './refuse-unsure.ts';
import { typedMeanwhile } from './typed-meanwhile.ts';

export interface TakenEdits extends Pick<EditsAsPatches, 'patches' | 'left'> {
  /** The result that they were made on. */
  readonly base: TaskCommit | undefined;
  /** They are to be a patch that did not apply, rather than new ones. */
  readonly failed?: FailedPatch;
  readonly isRewritten: boolean;
}

export interface TakingEdits {
  readonly also: readonly string[];
  readonly layer: string | undefined;
  readonly message: string | undefined;
  readonly author: string | undefined;
}

/** Takes the edits of a commit. */
export function takeEdits(
  world: World,
  { site, commit }: { readonly site: Site; readonly commit: CommitId },
  request: TakingEdits,
): TakenEdits {
  const also = request.also.map((path) => rawPath(path.replace(/\/$/, '')));
  const found = typedMeanwhile(site, commit, also);
  refuseUnsure(site, found);
  const failed = findFailedPatch(world, site, found.base);
  if (failed !== undefined) refuseWishes(site, failed, request);
  const steps = failed === undefined ? found : stepsOfFailed(site, found, failed);
  const made = editsAsPatches(site, steps, {
    also,
    author: failed === undefined ? authorOf(world, site, request.author) : '',
    subject: request.message,
    seconds: Math.floor(world.now() / 1000),
  });
  const left = [...made.left, ...(failed === undefined ? [] : rejectsLeft(site, failed, commit))];
  if (made.astray.length > 0) throw nothingThere(site, made.astray, left);
  if (made.patches.length === 0) throw nothingToWrite(site, left);
  const { base, rewritten } = found;
  return { patches: made.patches, left, base, ...(failed && { failed }), isRewritten: rewritten.size > 0 };
}

/** The patch stays where it is, and whose it is. */
function refuseWishes(site: Site, { name }: FailedPatch, request: TakingEdits): void {
  const option = (['layer', 'message', 'author'] as const).find((one) => request[one] !== undefined);
  if (option === undefined) return;
  throw new VarveError(
    'usage',
    `these edits put ${name} right, which stays where it is, with its own subject and author: --${option} means nothing for it`,
    { hints: [`varve edit finish ${site.recipe.name}   rewrites it`] },
  );
}

function authorOf(world: World, site: Site, wanted: string | undefined): string {
  if (wanted === undefined) return whoIsThere(world, site);
  if (/^[^<>\n]*[^<>\s] <[^<>\s]+>$/.test(wanted)) return wanted;
  throw new VarveError('usage', `--author "${wanted}" is not of the form 'Name <mail>'`, {
    hints: [`varve edit finish ${site.recipe.name} --author 'Name <mail@example.org>'`],
  });
}

function whoIsThere(world: World, site: Site): string {
  const known = gitIdentity(world);
  if (known !== undefined) return `${known.name} <${known.email}>`;
  throw new VarveError('usage', 'a patch says who wrote it, and nobody has told git', {
    hints: [`varve edit finish ${site.recipe.name} --author 'Name <mail@example.org>'`],
  });
}

/** Edits are dropped at the end: who names a path that has none must hear of it before. */
function nothingThere(site: Site, astray: readonly string[], left: readonly LeftOut[]): VarveError {
  const paths = left.map(({ path }) => path);
  const near = astray.flatMap(
    (named) => paths.find((path) => lastName(path) === lastName(named)) ?? closest(named, paths) ?? [],
  );
  return new VarveError(
    'usage',
    `${site.recipe.name} has no edits at ${astray.map(shownPath).join(', ')}, which --also names`,
    {
      hints:
        near.length > 0
          ? near.map((path) => `did you mean "${shownPath(path)}"?`)
          : [`varve diff ${site.recipe.name}:edited   lists what there is; paths begin below WORKDIR`],
    },
  );
}

/** What `--also` makes a source of; nothing else becomes one by a name. */
const canBeNamed: ReadonlySet<LeftOut['why']> = new Set([
  'new',
  'made by a task',
  'changed while a task ran',
]);

function nothingToWrite(site: Site, left: readonly LeftOut[]): VarveError {
  const named = left.slice(0, 5).map(({ path, why }) => `${shownPath(path)}: ${why}`);
  const { name } = site.recipe;
  const first = left.find(({ why }) => canBeNamed.has(why));
  const rest = [
    `varve diff ${name}:edited   shows what there is`,
    `varve edit drop ${name}   gives it up; it stays in the record`,
  ];
  return new VarveError('usage', `${name} has no edits that a patch of its sources could tell`, {
    hints: [
      ...named,
      ...(first === undefined ? rest : [`varve edit finish ${name} --also ${shownPath(first.path)}`]),
    ],
  });
}
