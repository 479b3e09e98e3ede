/** `varve edit finish`: a person's edits become patches of the recipe, and are edits no more. */
import { basename } from 'node:path';
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import { readEditing } from '../execution/edits/editing.ts';
import { shownEdits, standsOn } from '../execution/edits/shown-edits.ts';
import { keepLeft } from '../execution/workdir/keep-left.ts';
import { refuseInUse } from '../execution/workdir/refuse-in-use.ts';
import type { Site } from '../execution/workdir/site.ts';
import { replaceFile } from '../history/replace-file.ts';
import { appendToVariable } from '../language/append-to-variable.ts';
import type { World } from '../ports/world.ts';
import { formatMailPatch } from '../sources/format-mail-patch.ts';
import type { CommitId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { dropFrom, type Dropped } from './drop-edits.ts';
import type { LeftOut } from './editing/edits-as-patches.ts';
import { ofTwoKinds, onOtherSources, refuseBeforePatches, refuseUnfit } from './editing/edits-refused.ts';
import { findLaterPatch, type LaterPatch } from './editing/later-patch.ts';
import { madeOnOtherSources } from './editing/made-on-other-sources.ts';
import { openSite } from './editing/open-site.ts';
import {
  findPatch,
  namePatches,
  patchNames,
  patchTarget,
  type NamedPatch,
  type PatchTarget,
} from './editing/patch-target.ts';
import type { Say } from '../terms/say.ts';
import { rewriteFailed } from './editing/rewrite-failed.ts';
import { takeEdits } from './editing/take-edits.ts';
import { writtenBefore } from './editing/written-before.ts';

export interface FinishRequest {
  readonly buildDir: string;
  readonly recipe: string;
  /** Name or directory of the layer that gets the patches in an append; undefined: they go beside the recipe. */
  readonly layer: string | undefined;
  /** Paths below WORKDIR that are sources though they are new or made by a task. */
  readonly also: readonly string[];
  /** Subject of what is not committed, and who wrote it (`Name <mail>`). */
  readonly message: string | undefined;
  readonly author: string | undefined;
}

export interface Finished extends Dropped {
  /** In the order in which they apply. */
  readonly patches: readonly { readonly file: string; readonly subject: string }[];
  /** The recipe, or the append, that names them now; absent where it did so before. */
  readonly changed?: string;
  /** That file was not there. */
  readonly created?: true;
  /** A patch that SRC_URI named already, of which do_patch failed: the edits are in it. */
  readonly rewrote?: readonly string[];
  /** A person rewrote the commits of patches, which SRC_URI names as they were. */
  readonly isRewritten?: true;
  readonly left: readonly LeftOut[];
}

/** Writes the edits of a recipe into a layer as patches and drops them; the next build applies the patches. */
export async function finishEdits(world: World, request: FinishRequest, say: Say): Promise<Finished> {
  const { site, metadata } = openSite(world, request, say);
  const target = patchTarget(world, { site, metadata }, request.layer);
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve edit finish ${site.recipe.name}`,
    wait: true,
    say,
  });
  try {
    refuseInUse(world, site);
    const commit = findEdits(world, site);
    const taken = takeEdits(world, { site, commit }, request);
    const { base, patches, left, failed } = taken;
    const isAstray = await madeOnOtherSources(world, { site, metadata }, base?.id);
    if (failed !== undefined) {
      const patch = rewriteFailed(world, { site, commit, isAstray }, { failed, patches });
      return { ...dropFrom(world, site, say), patches: [], rewrote: [patch], left };
    }
    const files = isAstray ? writtenBefore(world, site, patches) : namePatches(world, site, target, patches);
    if (files === undefined) throw onOtherSources(world, site, commit);
    if (!isAstray) {
      refuseBeforePatches(world, site, { base, commit });
      refuseUnfit(world, site, files);
      writeOrNone(world, target, files);
      checkTaken(world, { request, target, files }, say);
    }
    const dropped = dropFrom(world, site, say);
    const named = files.map(({ path, patch }) => ({ file: path, subject: patch.subject }));
    const { isRewritten } = taken;
    return {
      ...dropped,
      patches: named,
      ...(!isAstray && namedIn(target)),
      ...(isRewritten && { isRewritten }),
      left,
    };
  } finally {
    letGo();
  }
}

const namedIn = ({ file, text }: PatchTarget): Pick<Finished, 'changed' | 'created'> =>
  text === undefined ? { changed: file, created: true } : { changed: file };

function findEdits(world: World, site: Site): CommitId {
  const left = keepLeft(world, site);
  const editing = readEditing(site);
  const found = shownEdits(site, left, editing) ?? editing;
  if (left?.kind === 'edits' && editing !== undefined && !standsOn(site, editing))
    throw ofTwoKinds(world, site, { inForce: editing.commit, shown: left.number });
  if (found !== undefined) return found.commit;
  throw new VarveError('usage', `${site.recipe.name} has no edits to finish`, {
    hints: [`varve shell ${site.recipe.name}:patch   is a place to make some`],
  });
}

/** Where one of them cannot be written none is left: nobody would know of it. */
function writeOrNone(world: World, target: PatchTarget, files: readonly NamedPatch[]): void {
  try {
    writeAll(world, target, files);
  } catch (error) {
    for (const { path } of files) world.fs.rmSync(path, { force: true });
    throw error;
  }
}

/** Patches first: what names them comes last. */
function writeAll(world: World, target: PatchTarget, files: readonly NamedPatch[]): void {
  const { fs } = world;
  fs.mkdirSync(target.dir, { recursive: true });
  for (const { path, patch } of files)
    replaceFile(fs, { path, temporary: `${path}.new` }, formatMailPatch(patch));
  const head = target.text ?? '';
  const search = 'FILESEXTRAPATHS:prepend := "${THISDIR}/${BPN}:"\n';
  const isAppend = target.file.endsWith('.bbappend');
  const found =
    isAppend && !head.includes('FILESEXTRAPATHS') ? `${search}${head === '' ? '' : '\n'}${head}` : head;
  const text = appendToVariable(
    found,
    'SRC_URI',
    files.map(({ path }) => `file://${basename(path)}`),
  );
  const file = fs.existsSync(target.file) ? fs.realpathSync(target.file) : target.file;
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode;
  replaceFile(
    fs,
    { path: file, temporary: `${file}.new`, ...(mode === undefined ? {} : { mode: mode & 0o7777 }) },
    text,
  );
}

/** Reads the recipe again; where it does not know the patches, all is put back. */
function checkTaken(
  world: World,
  {
    request,
    target,
    files,
  }: { readonly request: FinishRequest; readonly target: PatchTarget; readonly files: readonly NamedPatch[] },
  say: Say,
): void {
  const { fs } = world;
  const again = openSite(world, request, say);
  const { recipe } = again.site;
  const names = new Set(patchNames(recipe));
  const isTaken = ({ path }: NamedPatch): boolean =>
    names.has(basename(path)) && findPatch(world, recipe, basename(path)) === path;
  const isWhole = files.every(isTaken);
  const later = isWhole ? findLaterPatch(world, again, files) : undefined;
  if (isWhole && later === undefined) return;
  for (const { path } of files) fs.rmSync(path, { force: true });
  if (target.text === undefined) fs.rmSync(target.file, { force: true });
  else fs.writeFileSync(target.file, target.text);
  if (later !== undefined) throw wouldComeBefore(recipe.name, later);
  throw new VarveError(
    'metadata',
    `${recipe.name} does not take up patches that ${target.file} names; nothing was changed`,
    {
      place: { file: target.file },
      hints: [
        `varve env ${recipe.name} SRC_URI   says what has the last word there`,
        'BBFILES in conf/layer.conf says which appends a layer has.',
      ],
    },
  );
}

/** The edits were made on what that one left. */
function wouldComeBefore(recipe: string, { name, layer }: LaterPatch): VarveError {
  return new VarveError(
    'usage',
    `${recipe}: ${name} of layer ${layer} changes the same file, and would be applied after a patch of these edits; nothing was changed`,
    { hints: [`varve edit finish ${recipe} --layer ${layer}   puts it behind`] },
  );
}
