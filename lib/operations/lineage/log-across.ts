/** One result of a recipe over builds. */
import type { ObjectStore } from '../../ports/objects.ts';
import { inside } from '../../trees/tree-metadata.ts';
import { standings } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { countFiles, isNarrow, isNone, type Wanted } from './count-files.ts';
import type { LogRow } from './log-row.ts';

/** Lists it: a row where what is asked for is otherwise than in every build before. */
export function logAcross(
  record: TheRecord,
  named: RecordedRecipe,
  { task, wanted }: { readonly task: string | undefined; readonly wanted: Wanted },
): readonly LogRow[] {
  // The paths of an artifact are those on the target.
  const places = task === undefined ? wanted.paths.map((path) => inside('image', path)) : wanted.paths;
  const rows: LogRow[] = [];
  for (const { build, recipe } of standings(record, named)) {
    const point = task === undefined ? artifactPoint(record, recipe) : taskPoint(record, recipe, task);
    if (point === undefined) continue;
    const { objects, ...rest } = point;
    const isSame = ({ tree }: LogRow): boolean =>
      tree === point.tree ||
      (wanted.paths[0] !== '' &&
        isNone(countFiles(objects, { from: tree, to: point.tree }, { paths: places }).files));
    const same = rows.findIndex(isSame);
    const row = rows[same];
    if (row !== undefined) {
      rows[same] = { ...row, builds: [...row.builds, build.n] };
      continue;
    }
    const trees = { from: rows.at(-1)?.tree, to: point.tree };
    rows.push({ ...rest, builds: [build.n], ...countFiles(objects, trees, { ...wanted, paths: places }) });
  }
  return isNarrow(wanted) ? rows.filter(({ files }) => !isNone(files)) : rows;
}

type Point = Omit<LogRow, 'builds' | 'files'> & { readonly objects: ObjectStore };

function artifactPoint(record: TheRecord, recipe: RecordedRecipe): Point | undefined {
  const artifact = recipe.artifact();
  if (artifact === undefined) return undefined;
  const { objects, tree, commit } = artifactTreeOf(record, recipe, artifact);
  return {
    task: 'do_install',
    tree,
    signature: artifact.signature,
    ok: true,
    objects,
    ...(commit === undefined ? {} : { commit }),
  };
}

function taskPoint(record: TheRecord, recipe: RecordedRecipe, task: string): Point | undefined {
  const found = recipe.tasks().find((each) => each.task === task);
  const history = record.history(recipe.arch, recipe.recipe);
  if (found?.commit === undefined || history?.objects.has(found.commit) !== true) return undefined;
  const run = history.runs.of(found.commit).at(-1);
  return {
    task,
    commit: found.commit,
    tree: history.objects.readCommit(found.commit).tree,
    signature: found.signature,
    ok: run?.ok ?? true,
    objects: history.objects,
    ...(run === undefined ? {} : { durationMs: run.durationMs }),
  };
}
