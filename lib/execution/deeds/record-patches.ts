/** A commit for each patch that do_patch applies, between what it starts from and what it leaves. */
import { join, relative } from 'node:path';
import { PATCH, type PatchCommit } from '../../history/patch-commits.ts';
import { AUTHOR } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import type { AppliedPatch } from '../../sources/apply-patches.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import type { CommitId } from '../../terms/ids.ts';
import { editTree, type TreeEdit } from '../../trees/edit-tree.ts';
import { rawPath, systemPath } from '../../trees/raw-text.ts';
import { storedName } from '../../trees/stored-name.ts';
import { METADATA_DIR, readMetadata } from '../../trees/tree-metadata.ts';
import type { Site } from '../workdir/site.ts';

export interface PatchLine {
  /** Records a patch that was applied just now. */
  readonly record: (patch: AppliedPatch) => void;
  /** What the commit of the task stands on. */
  readonly last: () => CommitId | undefined;
}

/**
 * Begins a line of patches. Only the files that a patch names are looked at; what it did beside (odd names, hard links)
 * is left to the commit of the task.
 *
 * @param recorded false where something else may have changed sources in this task before the patches
 */
export function beginPatchLine(
  world: World,
  site: Site,
  { base, recorded }: { readonly base: CommitId | undefined; readonly recorded: boolean },
): PatchLine {
  let last = base;
  return {
    last: () => last,
    record(patch) {
      if (!recorded) return;
      const { objects } = site.history();
      const before = last === undefined ? objects.writeTree([]) : objects.readCommit(last).tree;
      const linked = linkedPaths(readMetadata(objects, before).facts);
      const edits = new Map(
        patch.files.flatMap((file) => {
          const path = placeInTree(world, site, file);
          return path === undefined || linked.has(path) ? [] : [[path, editOf(world, site, file)] as const];
        }),
      );
      last = commitPatch(site, last, {
        tree: editTree(objects, before, edits),
        name: patch.name,
        author: authorOf(patch.header.author),
        subject: subjectOf(patch),
      });
    },
  };
}

/** The patches of a commit again, on another commit of the same tree. */
export function repeatPatches(
  site: Site,
  base: CommitId | undefined,
  patches: readonly PatchCommit[],
): CommitId | undefined {
  return patches.reduce((last, patch) => commitPatch(site, last, patch), base);
}

function commitPatch(
  site: Site,
  parent: CommitId | undefined,
  { tree, name, author, subject }: Omit<PatchCommit, 'id'>,
): CommitId {
  return site.history().commit({
    tree,
    parents: parent === undefined ? [] : [parent],
    subject,
    trailers: [[PATCH, name]],
    time: site.epoch,
    author,
  });
}

/** Where the tree has a file; undefined where it stands under another name there, or not at all. */
function placeInTree(
  { fs }: World,
  site: Site,
  { dir, name }: AppliedPatch['files'][number],
): string | undefined {
  const path = rawPath(relative(fs.realpathSync(site.workdir), join(fs.realpathSync(dir), name)));
  const names = path.split('/');
  const isPlain = names.every(
    (each, i) => storedName(each, i === names.length - 1 ? 'file' : 'dir') === each,
  );
  return !isPlain || names[0] === '..' || names[0] === METADATA_DIR ? undefined : path;
}

function editOf({ fs }: World, site: Site, { dir, name }: AppliedPatch['files'][number]): TreeEdit {
  const path = systemPath(join(dir, name));
  const { objects } = site.history();
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() === true)
    return { mode: GIT_MODE.link, oid: objects.writeBlob(fs.readlinkSync(path, { encoding: 'buffer' })) };
  if (stat?.isFile() !== true) return undefined;
  return {
    mode: (stat.mode & 0o100) === 0 ? GIT_MODE.file : GIT_MODE.program,
    oid: objects.writeBlob(fs.readFileSync(path)),
  };
}

/** Paths with several names: what is told of one of them in the metadata must hold for the others. */
function linkedPaths(facts: ReturnType<typeof readMetadata>['facts']): ReadonlySet<string> {
  return new Set(
    [...facts].flatMap(([path, { hardlink }]) => (hardlink === undefined ? [] : [path, hardlink])),
  );
}

/** `Name <mail>` as git takes it, whatever a patch says. */
function authorOf(told: string | undefined): string {
  if (told === undefined) return AUTHOR;
  const [, name = told, mail = ''] = /^(.*?)<([^<>]*)>/.exec(told) ?? [];
  const plain = (text: string): string => printableText(text).replaceAll(/[<>]/g, '').trim();
  const [who, where] = [plain(name).replaceAll('"', '').trim(), plain(mail)];
  return `${who === '' ? where || 'unknown' : who} <${where}>`;
}

function subjectOf({ name, header }: AppliedPatch): string {
  const subject = printableText(header.subject ?? '').trim();
  return subject === '' ? name : subject;
}

function printableText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
}
