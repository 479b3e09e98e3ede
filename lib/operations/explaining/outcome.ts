/** What came of a task in a build. */
import { refs } from '../../terms/places.ts';
import type { CommitId } from '../../terms/ids.ts';
import type { RunRecord } from '../../terms/run-record.ts';
import type { VerdictKind } from '../../terms/verdict.ts';
import { standings, type Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedTask } from '../../execution/results/recorded-task.ts';

export type Outcome =
  | { readonly kind: 'ran'; readonly run: RunRecord }
  /** Nothing ran: the result of an earlier build stood. */
  | { readonly kind: 'taken-up'; readonly from: number }
  /** Nothing ran: the same step had been done before. */
  | { readonly kind: 'repeated' }
  /** The result stands, and nobody noted how it came to be. */
  | { readonly kind: 'untold' }
  /** There is nothing in it to run. */
  | { readonly kind: 'noexec' }
  | { readonly kind: 'restored' }
  /** A later result stood; that of do_install, where it is known: of which build, or else from the artifact store. */
  | { readonly kind: 'covered'; readonly by?: { readonly task: 'do_install'; readonly from?: number } }
  | { readonly kind: 'not-reached' };

/** Finds what came of a task in the build that is meant. */
export function outcomeOf(record: TheRecord, standing: Standing, task: string): Outcome {
  const { build, recipe } = standing;
  const own = recipe.task(task);
  const runs = own === undefined ? [] : recordedRuns(record, standing, own);
  const run = runs.findLast((each) => each.build === build.n);
  if (run !== undefined) return { kind: 'ran', run };
  if (own?.commit !== undefined) {
    const earlier = runs.findLast((each) => each.build < build.n && each.ok);
    if (earlier !== undefined) return { kind: 'taken-up', from: earlier.build };
    if (!hasText(standing, task)) return { kind: 'noexec' };
    const history = record.history(recipe.arch, recipe.recipe);
    // A history that was removed and came to be anew may have the commit again, with what ran since.
    const isTold = history?.objects.has(own.commit) === true && runs.length === 0 && !history.runs.isSilent();
    return { kind: isTold ? 'repeated' : 'untold' };
  }
  const artifact = recipe.artifact();
  if (artifact === undefined) return { kind: 'not-reached' };
  if (task !== 'do_install') return coveredIn(record, standing, task);
  const first = standings(record, recipe).find(
    (each) => each.recipe.artifact()?.signature === artifact.signature,
  );
  return first === undefined || first.build.n === build.n
    ? { kind: 'restored' }
    : { kind: 'taken-up', from: first.build.n };
}

/** What stood for a task; the artifact of do_install does for those that come before it. */
function coveredIn(record: TheRecord, standing: Standing, task: string): Outcome {
  const tasks = standing.recipe.tasks().map((each) => each.task);
  if (tasks.indexOf(task) > tasks.indexOf('do_install')) return { kind: 'covered' };
  const installed = outcomeOf(record, standing, 'do_install');
  switch (installed.kind) {
    case 'restored':
      return { kind: 'covered', by: { task: 'do_install' } };
    case 'taken-up':
      return { kind: 'covered', by: { task: 'do_install', from: installed.from } };
    default:
      return { kind: 'covered' };
  }
}

/** What the planner had said, as far as the outcome tells. */
export function verdictOf(outcome: Outcome): VerdictKind {
  switch (outcome.kind) {
    case 'ran':
      return 'run';
    case 'taken-up':
    case 'repeated':
    case 'untold':
    case 'noexec':
      return 'current';
    case 'restored':
      return 'restore';
    case 'covered':
      return 'covered';
    case 'not-reached':
      return 'depends';
    default:
      return outcome satisfies never;
  }
}

/** Tasks that do nothing have no text among their inputs. */
function hasText({ recipe }: Standing, task: string): boolean {
  return recipe.inputs(task)?.some(({ kind }) => kind === 'task') === true;
}

/** Runs that made the result which the build names, else those of the failure with these inputs. */
function recordedRuns(record: TheRecord, { recipe }: Standing, own: RecordedTask): readonly RunRecord[] {
  const history = record.history(recipe.arch, recipe.recipe);
  const commit = own.commit ?? (history?.refs.read(refs.failed(own.task)) as CommitId | undefined);
  if (history === undefined || commit === undefined || !history.objects.has(commit)) return [];
  return history.readTask(commit)?.signature === own.signature ? history.runs.of(commit) : [];
}
