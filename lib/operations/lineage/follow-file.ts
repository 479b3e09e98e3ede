/** The way of one file: from where it was made, through the tasks of a recipe, into sysroots and images. */
import { type PatchCommit } from '../../history/patch-commits.ts';
import type { CommitId } from '../../terms/ids.ts';
import { inside } from '../../trees/tree-metadata.ts';
import type { TheRecord } from '../record/open-record.ts';
import { installedBy } from './artifact-origins.ts';
import { copiesWithin } from './copies-within.ts';
import { countFiles, type FileCounts, isNone } from './count-files.ts';
import { fileAt } from './file-at.ts';
import { followOnward } from './follow-onward.ts';
import { artifactRow, type LogRow, rowsOf } from './log-row.ts';
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
  readonly source?: SourceOfStaged;
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
    const by = patches.filter((patch) => changes(chain, patch, path));
    marks.set(commit, {
      files,
      ...(path !== asked && { path }),
      ...(by.length > 0 && { patches: by.map(({ name }) => name) }),
    });
    const now = fileAt(objects, tree, path);
    if (now === undefined || before === undefined || fileAt(objects, before, path) !== undefined) continue;
    const origin = originOf(commit, now);
    if (origin !== undefined) {
      path = origin;
      names.add(origin);
      continue;
    }
    const source = sourceOfStaged(record, chain, { commit, file: now });
    if (source === undefined) continue;
    if (source.staging !== undefined) marks.set(source.staging, { files: NONE, staged: [source.path] });
    return { marks, names, source };
  }
  return { marks, names };
}

function changes({ history: { objects } }: Chain, { id, tree }: PatchCommit, path: string): boolean {
  const [parent] = objects.readCommit(id).parents;
  const from = parent === undefined ? undefined : objects.readCommit(parent).tree;
  return !isNone(countFiles(objects, { from, to: tree }, { paths: [path] }).files);
}

/** What the recipe did that the file came from; its artifact alone, where its tasks did not run here. */
function rowsBefore(record: TheRecord, { standing, path }: SourceOfStaged): readonly LogRow[] {
  const { recipe } = standing.recipe;
  const made = installedBy(record, standing, inside('image', path));
  if ('unknown' in made) {
    const files = { ...NONE, added: 1 };
    return [{ recipe, ...artifactRow(record, standing), files, path: inside('image', path) }];
  }
  const { history } = made.at;
  const chain = { ...standing, history, commits: taskChain(history, made.commit) };
  return followFile(record, chain, { path: made.path, onward: false }).map((row) => ({
    recipe,
    path: made.path,
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
  return copies.map(({ path }) => path);
}
