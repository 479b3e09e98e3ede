/** One result of a recipe over builds. */
import type { ObjectStore } from '../../ports/objects.ts';
import type { RecordedArtifact } from '../../execution/results/artifact-record.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { History } from '../../history/history.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import { byKey } from '../../terms/by-key.ts';
import type { CommitId, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import type { Say } from '../../terms/say.ts';
import { findEntry } from '../../trees/list-entries.ts';
import { inside, readMetadata } from '../../trees/tree-metadata.ts';
import { hadNoEdits, type Standing, standings } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { countFiles, isNarrow, isNone, type Wanted } from './count-files.ts';
import { failedIn } from './failed-in.ts';
import type { LogRow } from './log-row.ts';

/**
 * Lists it: a row where what is asked for is otherwise than in every build before, and one where it failed. The changes are those
 * since the build before, which may have taken up what is of an earlier row.
 */
export function logAcross(
  record: TheRecord,
  named: RecordedRecipe,
  { task, wanted, upTo, say }: AcrossRequest,
): readonly LogRow[] {
  // The paths of an artifact are those on the target.
  const places = task === undefined ? wanted.paths.map((path) => inside('image', path)) : wanted.paths;
  const isPart = wanted.paths[0] !== '';
  const findPoint = task === undefined ? artifactFinder(record) : taskFinder(record, task);
  const neverEdited = hadNoEdits(record, named);
  const rows: (LogRow & { readonly builds: number[] })[] = [];
  // A thousand builds may have a thousand results: none is compared with all of them.
  const alike = new Map<string, number[]>();
  let previous: TreeId | undefined;
  const away: { readonly build: number; readonly error: ArtifactAway }[] = [];
  for (const standing of standings(record, named)) {
    const { build } = standing;
    if (build.n > upTo) break;
    const point = findPoint(standing);
    if (point === undefined) continue;
    if (point instanceof ArtifactAway) {
      away.push({ build: build.n, error: point });
      continue;
    }
    const { objects, row } = point;
    const from = previous;
    if (row.ok) previous = row.tree;
    const key = `${row.ok} ${isPart ? entriesAt(objects, row.tree, places) : row.tree}`;
    const candidates = alike.get(key) ?? [];
    const same = candidates.find((index) => {
      const other = rows[index]?.tree;
      return (
        other === row.tree ||
        (isPart && isNone(countFiles(objects, { from: other, to: row.tree }, { paths: places }).files))
      );
    });
    const before = same === undefined ? undefined : rows[same];
    if (same !== undefined && before !== undefined) {
      before.builds.push(build.n);
      continue;
    }
    alike.set(key, [...candidates, rows.length]);
    const counted = countFiles(objects, { from, to: row.tree }, { ...wanted, paths: places });
    const edited = !neverEdited && isEdited(standing, row.task) && { edited: true as const };
    rows.push({ ...row, ...edited, builds: [build.n], ...counted });
  }
  const [first] = away;
  if (rows.length === 0 && first !== undefined) throw first.error;
  for (const each of away) say(`note: build ${each.build} stands on an artifact that was not exported`);
  return isNarrow(wanted) ? rows.filter(({ files }) => !isNone(files)) : rows;
}

interface AcrossRequest {
  /** Left open: the artifact. */
  readonly task: string | undefined;
  readonly wanted: Wanted;
  /** The last build that is asked about. */
  readonly upTo: number;
  readonly say: Say;
}

/** Few builds are made with edits: only of these the inputs are read. */
function isEdited({ build, recipe }: Standing, task: string): boolean {
  return build.edited.includes(recipe.recipe) && (recipe.inputs(task, 'edited') ?? []).length > 0;
}

/** What stands at these paths of a tree, but for what the metadata says of it. */
function entriesAt(objects: ObjectStore, tree: TreeId, paths: readonly string[]): string {
  const metadata = readMetadata(objects, tree);
  const found = paths.map((path) => findEntry(objects, { tree, metadata }, path));
  return found.map((entry) => (entry === undefined ? '-' : `${entry.mode} ${entry.oid}`)).join(' ');
}

interface Point {
  readonly row: Omit<LogRow, 'builds' | 'files'>;
  readonly objects: ObjectStore;
}

/** In an import what was not exported is away, and no reason to tell nothing of the rest. */
type FindPoint = (standing: Standing) => Point | ArtifactAway | undefined;

const directoryOf = ({ gitDir }: History): string => gitDir;

/** Makes the function that finds the history of a recipe; each is looked for once. */
function historyFinder(record: TheRecord): (recipe: RecordedRecipe) => History | undefined {
  return byKey(
    ({ arch, recipe }: RecordedRecipe) => record.history(arch, recipe),
    ({ arch, recipe }) => `${arch}/${recipe}`,
  );
}

/** Makes the function that finds the artifact of a recipe; the names of a history are read once. */
function artifactFinder(record: TheRecord): FindPoint {
  const named = byKey(({ refs: names }: History) => names.list('refs/artifacts/'), directoryOf);
  const findHistory = historyFinder(record);
  return ({ recipe }) => {
    const artifact = recipe.artifact();
    if (artifact === undefined) return undefined;
    const { tree, signature } = artifact;
    const row = { task: installTask, tree, signature, ok: true };
    const history = findHistory(recipe);
    if (history?.objects.has(tree) !== true) {
      const objects = objectsOf(record, recipe, artifact);
      return objects instanceof ArtifactAway ? objects : { row, objects };
    }
    const { objects } = history;
    const commit = named(history).get(refs.artifact(signature)) as CommitId | undefined;
    const isOf = commit !== undefined && objects.readCommit(commit).tree === tree;
    return { row: isOf ? { ...row, commit } : row, objects };
  };
}

function objectsOf(
  record: TheRecord,
  recipe: RecordedRecipe,
  artifact: RecordedArtifact,
): ObjectStore | ArtifactAway {
  try {
    return artifactTreeOf(record, recipe, artifact).objects;
  } catch (error) {
    if (record.imported === undefined || !(error instanceof ArtifactAway)) throw error;
    return error;
  }
}

/** Makes the function that finds what a task left of a recipe; what names the notes of a history is read once. */
function taskFinder(record: TheRecord, task: string): FindPoint {
  const runsOf = byKey(({ runs }: History) => runs.ofMany(), directoryOf);
  const failuresOf = byKey((history: History) => failedIn(history, task), directoryOf);
  const findHistory = historyFinder(record);
  return ({ build, recipe }) => {
    const found = recipe.task(task);
    const history = findHistory(recipe);
    if (found === undefined || history === undefined) return undefined;
    const commit = found.commit ?? failuresOf(history)(build.n);
    const { objects } = history;
    if (commit === undefined || !objects.has(commit)) return undefined;
    const { signature } = found;
    const run = runsOf(history)(commit).at(-1);
    const row = { task, commit, tree: objects.readCommit(commit).tree, signature, ok: run?.ok ?? true };
    return { row: run === undefined ? row : { ...row, durationMs: run.durationMs }, objects };
  };
}
