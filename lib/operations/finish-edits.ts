/** `varve edit finish`: a person's edits become patches of the recipe, and are edits no more. */
import { basename, relative } from 'node:path';
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import { readEditing } from '../execution/edits/editing.ts';
import { shownEdits, standsOn } from '../execution/edits/shown-edits.ts';
import { editsNumber } from '../execution/workdir/find-left.ts';
import { keepLeft } from '../execution/workdir/keep-left.ts';
import { refuseInUse } from '../execution/workdir/refuse-in-use.ts';
import type { Site } from '../execution/workdir/site.ts';
import { replaceFile } from '../history/replace-file.ts';
import { appendToVariable } from '../language/append-to-variable.ts';
import { gitIdentity } from './shells/git-identity.ts';
import type { World } from '../ports/world.ts';
import { formatMailPatch } from '../sources/format-mail-patch.ts';
import { closest } from '../terms/closest.ts';
import type { CommitId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { rawPath, shownPath } from '../trees/raw-text.ts';
import { lastName } from '../trees/tree-metadata.ts';
import { dropFrom, type Dropped } from './drop-edits.ts';
import { editsAsPatches, type EditsAsPatches, type LeftOut } from './editing/edits-as-patches.ts';
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
import { refuseUnsure } from './editing/refuse-unsure.ts';
import { typedMeanwhile } from './editing/typed-meanwhile.ts';
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
    const { patches, left, astray } = takeEdits(world, { site, commit }, request);
    if (astray.length > 0) throw nothingThere(site, astray, left);
    if (patches.length === 0) throw nothingToWrite(site, left);
    const isAstray = await madeOnOtherSources(world, { site, metadata }, commit);
    const files = isAstray ? writtenBefore(world, site, patches) : namePatches(world, site, target, patches);
    if (files === undefined) throw onOtherSources(world, site, commit);
    if (!isAstray) {
      writeOrNone(world, target, files);
      checkTaken(world, { request, target, files }, say);
    }
    const dropped = dropFrom(world, site, say);
    const named = files.map(({ path, patch }) => ({ file: path, subject: patch.subject }));
    return { ...dropped, patches: named, ...(!isAstray && namedIn(target)), left };
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

/** Neither is to be given up for the other without a word. */
function ofTwoKinds(
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

function takeEdits(
  world: World,
  { site, commit }: { readonly site: Site; readonly commit: CommitId },
  request: FinishRequest,
): EditsAsPatches {
  const also = request.also.map((path) => rawPath(path.replace(/\/$/, '')));
  const steps = typedMeanwhile(site, commit, also);
  refuseUnsure(site, steps);
  return editsAsPatches(site, steps, {
    also,
    author: authorOf(world, site, request.author),
    subject: request.message,
    seconds: Math.floor(world.now() / 1000),
  });
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

/** A patch of them might not apply, or take back what others changed since. */
function onOtherSources(world: World, site: Site, commit: CommitId): VarveError {
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
