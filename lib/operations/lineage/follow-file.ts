/** The way of one file: from where it was made, through the tasks of a recipe, into sysroots and images. */
import { type PatchCommit } from '../../history/patch-commits.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { CommitId, TreeId } from '../../terms/ids.ts';
import { below, DEFAULT_IMAGE, inside, isWithin, readMetadata } from '../../trees/tree-metadata.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactOrigins, installedBy, type PackagedFile } from './artifact-origins.ts';
import { copiesWithin } from './copies-within.ts';
import { countFiles, type FileCounts, isNone } from './count-files.ts';
import { fileAt, type Place } from './file-at.ts';
import { followOnward } from './follow-onward.ts';
import { copiesInPackages, packagedFrom } from './copies-in-packages.ts';
import type { OldFile } from './likeliest-file.ts';
import { linesOf } from './lines-of.ts';
import { artifactRow, type LogRow, rowsOf } from './log-row.ts';
import { movesBetween } from './moves-between.ts';
import { sourceOfStaged, type SourceOfStaged } from './source-of-staged.ts';
import { type Chain, taskChain } from './task-chain.ts';

export interface FollowedFile {
  /** Raw, from the WORKDIR. */
  readonly path: string;
  /** Also to copies, and into other recipes. */
  readonly onward: boolean;
}

/** Lists the tasks that had to do with a file, oldest first, those of other recipes among them. */
export function followFile(record: TheRecord, chain: Chain, file: FollowedFile): readonly LogRow[] {
  const { marks, names, source } = traceBack(record, chain, file.path);
  const copies = file.onward ? addCopies(chain, { marks, names }) : [];
  const rowOf = rowsOf(record, chain.recipe, chain.history);
  const own = chain.commits.flatMap((commit): readonly LogRow[] => {
    const mark = marks.get(commit);
    return mark === undefined ? [] : [{ ...rowOf(commit), ...mark }];
  });
  return [
    ...(source === undefined ? [] : rowsBefore(record, source)),
    ...own,
    ...(file.onward ? followOnward(record, chain, [...names, ...copies]) : []),
  ];
}

/** What a task had to do with the file. */
type Mark = Pick<LogRow, 'files' | 'path' | 'patches' | 'copies' | 'staged'>;

const NONE: FileCounts = { added: 0, modified: 0, deleted: 0 };

interface Trail {
  readonly marks: Map<CommitId, Mark>;
  /** All names that the file had. */
  readonly names: ReadonlySet<string>;
  /** The artifact that it came from. */
  readonly source?: SourceOfStaged | PackagedFile;
}

/** Follows a file, from the newest task on, to where its content was before it was there. */
function traceBack(record: TheRecord, chain: Chain, asked: string): Trail {
  const { objects } = chain.history;
  const { originOf } = copiesWithin(chain.history);
  const marks = new Map<CommitId, Mark>();
  const names = new Set([asked]);
  let path = asked;
  for (const commit of chain.commits.toReversed()) {
    const { start, patches } = chain.history.applied(commit);
    const { tree } = objects.readCommit(commit);
    const before = start === undefined ? undefined : objects.readCommit(start).tree;
    const { files } = countFiles(objects, { from: before, to: tree }, { paths: [path] });
    if (isNone(files)) continue;
    const patched = throughPatches(chain, patches, path);
    marks.set(commit, {
      files,
      ...(path !== asked && { path }),
      ...(patched.by.length > 0 && { patches: patched.by }),
    });
    const now = fileAt(objects, tree, path);
    if (now === undefined || before === undefined || fileAt(objects, before, path) !== undefined) continue;
    const origin =
      (patched.from === path ? undefined : patched.from) ??
      originOf(commit, now) ??
      packagedFrom(chain.history, commit, path) ??
      changedFrom(objects, { from: before, to: tree }, now);
    if (origin !== undefined) {
      path = origin;
      names.add(origin);
      continue;
    }
    const source =
      sourceOfStaged(record, chain, { commit, file: now }) ?? packageWith(record, chain, { tree, file: now });
    if (source === undefined) continue;
    if ('staging' in source && source.staging !== undefined)
      marks.set(source.staging, { files: NONE, staged: [source.path] });
    return { marks, names, source };
  }
  return { marks, names };
}

/** Which patches changed a file, in their order, and what it was called before them. */
function throughPatches(
  { history: { objects } }: Chain,
  patches: readonly PatchCommit[],
  path: string,
): { readonly by: readonly string[]; readonly from: string } {
  const by: string[] = [];
  let at = path;
  for (const { id, name, tree } of patches.toReversed()) {
    const [parent] = objects.readCommit(id).parents;
    const from = parent === undefined ? undefined : objects.readCommit(parent).tree;
    if (isNone(countFiles(objects, { from, to: tree }, { paths: [at] }).files)) continue;
    by.unshift(name);
    const now = fileAt(objects, tree, at);
    if (from === undefined || now === undefined || fileAt(objects, from, at) !== undefined) continue;
    at = movedFrom(objects, { from, to: tree }, now)?.path ?? at;
  }
  return { by, from: at };
}

/** The file that went when this one came, and had most of its lines. */
function movedFrom(
  objects: ObjectStore,
  ends: { readonly from: TreeId; readonly to: TreeId },
  { path, isLink, oid }: Place,
): OldFile | undefined {
  const lines = isLink ? [] : (linesOf(objects, oid) ?? []);
  return lines.length === 0 ? undefined : movesBetween(objects, ends).renamedFrom(path, lines);
}

/** The same, but for content that others have too: of these nobody can tell which it was. */
function changedFrom(...[objects, ends, now]: Parameters<typeof movedFrom>): string | undefined {
  const found = movedFrom(objects, ends, now);
  return found?.oid === now.oid ? undefined : found?.path;
}

/** The package that the file of an image is from. */
function packageWith(
  record: TheRecord,
  { history, recipe: { arch, recipe }, build }: Chain,
  { tree, file }: { readonly tree: TreeId; readonly file: Place },
): PackagedFile | undefined {
  const { image } = readMetadata(history.objects, tree);
  if (file.isLink || !isWithin(image, file.path)) return undefined;
  const path = inside(DEFAULT_IMAGE, below(image, file.path));
  return artifactOrigins(record).packageOf({ arch, recipe, history, build: build.n }, { ...file, path });
}

/** What the recipe did that the file came from; its artifact alone, where its tasks did not run here. */
function rowsBefore(record: TheRecord, source: SourceOfStaged | PackagedFile): readonly LogRow[] {
  const { standing } = source;
  const { recipe } = standing.recipe;
  const installed = 'path' in source ? inside(DEFAULT_IMAGE, source.path) : '';
  const made = installedBy(record, standing, installed);
  const left = 'left' in source ? source.left : made;
  if ('unknown' in left) {
    const files = { ...NONE, added: 1 };
    const path = installed === '' ? {} : { path: installed };
    return [{ recipe, ...artifactRow(record, standing), files, ...path }];
  }
  const { history } = left.at;
  const before = 'unknown' in made || made.commit === left.commit ? [] : taskChain(history, made.commit);
  const chain = { ...standing, history, commits: [...before, ...taskChain(history, left.commit)] };
  return followFile(record, chain, { path: left.path, onward: false }).map((row) => ({
    recipe,
    path: left.path,
    ...row,
  }));
}

/** Marks the tasks that put the content of the file at other places too. */
function addCopies({ history, commits }: Chain, { marks, names }: Trail): readonly string[] {
  const first = commits.find((commit) => marks.has(commit));
  const lines = commits.map((tip) => taskChain(history, tip));
  const line = lines.findLast((each) => first !== undefined && each.includes(first));
  const copies = copiesWithin(history).copiesOf(line ?? [], [...names]);
  for (const { commit, path } of copies) {
    const { files = NONE, copies: others = [], ...mark } = marks.get(commit) ?? {};
    marks.set(commit, { ...mark, files: { ...files, added: files.added + 1 }, copies: [...others, path] });
  }
  const all = copies.map(({ path }) => path);
  for (const { commit, paths } of copiesInPackages(history, commits, [...names, ...all])) {
    if (!marks.has(commit)) marks.set(commit, { files: { ...NONE, added: paths.length }, copies: paths });
  }
  return all;
}
