/** Who wrote each line of a file of the record: the earliest state that has it, along tasks, copies and artifacts. */
import type { CommitId, ObjectId, TreeId } from '../../terms/ids.ts';
import { indexTree, type TreeIndex } from '../../trees/index-tree.ts';
import { matchLines } from '../../trees/match-lines.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import { agreed, recipeOf, unknown } from './agreed.ts';
import { fileAt, isTellingCopy } from './file-at.ts';
import { findCopiedLines, type CopiedLine } from './find-copied-lines.ts';
import { lineageOf, type Step } from './lineage.ts';
import { calledLike, likeliest, type OldFile } from './likeliest-file.ts';
import { linesOf } from './lines-of.ts';
import { type Moves, movesBetween } from './moves-between.ts';
import type { Origin, Standpoint } from './origin.ts';
import { unknownRuns } from './unknown-runs.ts';

/** A file in a commit of a history. */
export interface FileAt {
  readonly at: Standpoint;
  readonly commit: CommitId;
  /** Raw, from the WORKDIR. */
  readonly path: string;
  /** It is at the same place on the target as what it was found for, whatever its path. */
  readonly isInPlace?: boolean;
}

/** A file in an artifact, as what do_install left; or the recipe, where that is all that is known. */
export type Installed = FileAt | { readonly unknown: string; readonly isInPlace?: boolean };

/** A content, and the raw path that it has in an artifact. */
export interface FileContent {
  readonly oid: ObjectId;
  readonly path: string;
}

/** A file of an artifact, from before the image that has it changed it. */
export interface Unpacked {
  readonly left: Installed;
  /** Undefined: it is no text. */
  readonly lines: readonly string[] | undefined;
}

/** What lies beyond the history of one recipe. */
export interface Beyond {
  /**
   * Files with this content in the artifacts that a recipe, or a task of it, was built with; the recipe itself too, where one
   * that is away may have it.
   */
  staged(at: Standpoint, file: FileContent, task?: string): readonly Installed[];
  /** What an image was given for a place, whatever stands there now; none for what is no image. */
  unpacked(at: Standpoint, path: string): readonly Unpacked[];
  /** A file of a recipe's own artifact. */
  installed(at: Standpoint, file: FileContent): Installed;
}

/** Files that one content may come from, at most. */
const ALTERNATIVES = 8;
/** A file of fewer bytes may have the content of another one by chance. */
const TELLING = 24;

/** Makes what traces files; what was found out of trees is remembered. */
export function createTracer(beyond: Beyond): (file: FileAt) => readonly Origin[] {
  const lineages = new Map<CommitId, readonly Step[]>();
  const indexes = new Map<TreeId, TreeIndex>();
  const moves = new Map<CommitId, Moves>();
  const traced = new Map<string, readonly Origin[]>();
  const remember = <K, V>(known: Map<K, V>, key: K, make: () => V): V => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  const tracing: Tracing = {
    beyond,
    lineage: ({ history }, commit) => remember(lineages, commit, () => lineageOf(history, commit)),
    index: ({ history }, tree) => remember(indexes, tree, () => indexTree(history.objects, tree)),
    moves: ({ history }, { commit, tree }, before) =>
      remember(moves, commit, () => movesBetween(history.objects, { from: before, to: tree })),
    trace: (file) =>
      remember(traced, `${file.at.arch}/${file.at.recipe} ${file.steps[0]?.commit} ${file.path}`, () =>
        originsOf(tracing, file),
      ),
  };
  return (file) => tracing.trace(startOf(tracing, file));
}

interface Tracing {
  readonly beyond: Beyond;
  lineage(at: Standpoint, commit: CommitId): readonly Step[];
  index(at: Standpoint, tree: TreeId): TreeIndex;
  moves(at: Standpoint, step: Step, before: TreeId): Moves;
  trace(file: Traced): readonly Origin[];
}

/** A file in the newest of these steps. */
interface Traced {
  readonly at: Standpoint;
  readonly steps: readonly Step[];
  readonly path: string;
}

function startOf(tracing: Tracing, { at, commit, path }: FileAt): Traced {
  return { at, steps: tracing.lineage(at, commit), path };
}

/** The content of a file, and what it was made from. */
interface Making {
  readonly file: Pick<Traced, 'at' | 'path'>;
  readonly oid: ObjectId;
  /** One for a file that is no text. */
  readonly lines: readonly string[];
  readonly step: Step;
  /** What the step started from; undefined: nothing, or nothing that is here. */
  readonly before: { readonly tree: TreeId; readonly steps: readonly Step[] } | undefined;
}

function originsOf(tracing: Tracing, { at, steps, path }: Traced): readonly Origin[] {
  const { objects } = at.history;
  const oid = steps[0] && fileAt(objects, steps[0].tree, path)?.oid;
  if (oid === undefined) return [];
  const other = steps.findIndex(({ tree }) => fileAt(objects, tree, path)?.oid !== oid);
  const [step, earlier] = other === -1 ? [steps.at(-1), undefined] : [steps[other - 1], steps[other]];
  if (step === undefined) return [];
  const before = earlier && { tree: earlier.tree, steps: steps.slice(other) };
  const made: Making = { file: { at, path }, oid, lines: linesOf(objects, oid) ?? [''], step, before };
  if (step.artifact) return traceInstalled(tracing, made, tracing.beyond.installed(at, { oid, path }));
  const old = before && fileAt(objects, before.tree, path)?.oid;
  return old === undefined ? ofNewFile(tracing, made) : ofChangedFile(tracing, made, { path, oid: old });
}

/** The file that was there is the same in part. */
function ofChangedFile(tracing: Tracing, made: Making, old: OldFile): readonly Origin[] {
  const { file, before, lines, oid } = made;
  const from = linesOf(file.at.history.objects, old.oid);
  if (before === undefined || from === undefined || linesOf(file.at.history.objects, oid) === undefined)
    return written(tracing, made);
  const earlier = tracing.trace({ ...file, steps: before.steps, path: old.path });
  return written(
    tracing,
    made,
    matchLines(from, lines).map((line) =>
      line === undefined ? undefined : (earlier[line] ?? unknown(made, 'not-recorded')),
    ),
  );
}

/** The file is a copy of another one, or made from one that is called like it, or new. */
function ofNewFile(tracing: Tracing, made: Making): readonly Origin[] {
  const { file, before, oid, lines, step } = made;
  if (isByHand(step)) return ofMovedFile(tracing, made);
  if (lines.length === 0) return [];
  const index = before && tracing.index(file.at, before.tree);
  const staged = tracing.beyond.staged(file.at, { oid, path: file.path }, step.task);
  const copies = before === undefined ? [] : preferred(index?.pathsOf(oid) ?? [], file.path);
  if (staged.length + copies.length > 0) {
    const isCalledAlike =
      copies.some((path) => lastName(path) === lastName(file.path)) ||
      staged.some((found) => found.isInPlace === true || ('path' in found && found.path === file.path));
    const [only] = staged;
    const isOpen = staged.length === 1 && only !== undefined && isOf(file.at, only);
    if (!isCalledAlike && !isOpen && file.at.history.objects.size(oid) < TELLING)
      return lines.map(() => unknown(made, 'too-short'));
    const here =
      before === undefined ? [] : copies.map((path) => tracing.trace({ ...file, steps: before.steps, path }));
    if (isOpen)
      return agreed(made, here).map((origin) => ({
        ...unknown(made, 'not-recorded'),
        latest: copies.length === 0 ? step.task : firstWith(made, origin),
      }));
    return agreed(made, [...here, ...staged.map((found) => traceInstalled(tracing, made, found))]);
  }
  const unpacked = tracing.beyond.unpacked(file.at, file.path);
  if (unpacked.length > 0) return ofUnpackedFile(tracing, made, unpacked);
  const like = index && likeliest(file.at.history.objects, lines, calledLike(index, file.path));
  return like === undefined ? written(tracing, made) : ofChangedFile(tracing, made, like);
}

/** An image took the file from a recipe, and changed it then. */
function ofUnpackedFile(tracing: Tracing, made: Making, unpacked: readonly Unpacked[]): readonly Origin[] {
  const { file, lines, oid } = made;
  const [only, ...others] = unpacked;
  if (only === undefined || others.length > 0) return lines.map(() => unknown(made, 'several-writers'));
  const from = only.lines;
  if (from === undefined || linesOf(file.at.history.objects, oid) === undefined)
    return written(tracing, made);
  const earlier = traceInstalled(tracing, { lines: from }, only.left);
  return written(
    tracing,
    made,
    matchLines(from, lines).map((line) =>
      line === undefined ? undefined : (earlier[line] ?? unknown(made, 'not-recorded')),
    ),
  );
}

/** A patch or a person removed a file that the new one is, or most of it; what they copied is theirs. */
function ofMovedFile(tracing: Tracing, made: Making): readonly Origin[] {
  const { file, before, oid, lines, step } = made;
  if (before === undefined) return written(tracing, made);
  const { objects } = file.at.history;
  const moves = tracing.moves(file.at, step, before.tree);
  const same = preferred(moves.gone(oid), file.path);
  if (same.length > 0) {
    const copy = { path: file.path, oid, isLink: false };
    if (!same.some((path) => isTellingCopy(objects, copy, path)))
      return lines.map(() => unknown(made, 'too-short'));
    return agreed(
      made,
      same.map((path) => tracing.trace({ ...file, steps: before.steps, path })),
    );
  }
  const like = moves.renamedFrom(file.path, lines);
  return like === undefined ? written(tracing, made) : ofChangedFile(tracing, made, like);
}

function traceInstalled(
  tracing: Tracing,
  { lines }: Pick<Making, 'lines'>,
  found: Installed,
): readonly Origin[] {
  return 'unknown' in found
    ? lines.map((): Origin => ({ kind: 'unknown', recipe: found.unknown, doubt: 'not-recorded' }))
    : tracing.trace(startOf(tracing, found));
}

/** It is the recipe itself: what it was built with is away in part. */
const isOf = ({ recipe }: Standpoint, found: Installed): boolean =>
  'unknown' in found && found.unknown === recipe;

/** Of several files with one content those with the same last name, where there are any. */
function preferred(paths: readonly string[], path: string): readonly string[] {
  const called = paths.filter((each) => lastName(each) === lastName(path));
  return (called.length > 0 ? called : paths).slice(0, ALTERNATIVES);
}

/** Fills in who wrote the lines that are not from before: the step, unless they were copied from another file. */
function written(
  tracing: Tracing,
  made: Making,
  known: readonly (Origin | undefined)[] = made.lines.map(() => undefined),
): readonly Origin[] {
  const { step, before, file, lines, oid } = made;
  const own: Origin = {
    kind: 'known',
    at: file.at,
    task: step.task,
    commit: step.commit,
    taskCommit: step.taskCommit,
    path: file.path,
    ...(step.patch !== undefined && { patch: step.patch }),
  };
  const { objects } = file.at.history;
  const isCertain = isByHand(step) || linesOf(objects, oid) === undefined;
  if (isCertain || before === undefined) return known.map((origin) => origin ?? own);
  const origins = [...known];
  for (const { start, end } of unknownRuns(known)) {
    const copied = findCopiedLines(objects, tracing.index(file.at, before.tree), lines.slice(start, end));
    copied.forEach((line, i) => {
      origins[start + i] =
        line === 'new'
          ? own
          : typeof line === 'string'
            ? { ...unknown(made, line), latest: step.task }
            : copiedFrom(tracing, made, line);
    });
  }
  return origins.map((origin) => origin ?? own);
}

function copiedFrom(tracing: Tracing, made: Making, places: readonly CopiedLine[]): Origin {
  const { file, before } = made;
  const lost = unknown(made, 'not-recorded');
  if (before === undefined) return lost;
  const origins = places.map(({ path, line }) => [
    tracing.trace({ ...file, steps: before.steps, path })[line] ?? lost,
  ]);
  return agreed({ ...made, lines: [''] }, origins)[0] ?? lost;
}

/** The first task of the recipe that has a line, as far as that is known. */
function firstWith({ file }: Making, origin: Origin): string | undefined {
  if (recipeOf(origin) !== file.at.recipe) return undefined;
  return origin.kind === 'known' ? origin.task : origin.latest;
}

/** A patch or a person made it: what is new in it they wrote. */
const isByHand = ({ patch, task }: Step): boolean => patch !== undefined || task === 'edited';
