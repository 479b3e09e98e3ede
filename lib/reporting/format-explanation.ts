/** Why tasks ran, root cause first: five lines at most, unless `-v` wants all. */
import type { ExplainedCause, Explanation } from '../operations/explaining/explanation.ts';
import type { Outcome } from '../operations/explaining/outcome.ts';
import type { TaskId } from '../terms/ids.ts';
import { buildNamed } from '../terms/revision.ts';
import { formatCounts } from './build-lines.ts';
import { describeCause } from './describe-cause.ts';
import { describeReason } from './describe-reason.ts';
import { formatAwaited } from './format-awaited.ts';
import { formatCount } from './format-quantity.ts';
import type { View } from './view.ts';
import { firstOf } from '../terms/first-of.ts';

/** Causes told at most, and tasks that followed. */
const CAUSES = 3;
const FOLLOWERS = 5;

/** Writes an explanation: the causes, a line each; what came of them; what followed. */
export function formatExplanation(explanation: Explanation, view: View): string {
  return [
    ...formatCauses(explanation.causes, view),
    ...formatMissing(explanation.missing ?? []),
    `${explanation.task === undefined ? sentenceOfBuild(explanation, view) : sentenceOfTask(explanation, view)}\n`,
    followed(explanation.cascade, view),
  ].join('');
}

/** Writes causes, a line each; the last line says how many are left out. */
export function formatCauses(causes: readonly ExplainedCause[], view: View): readonly string[] {
  const limit = view.verbose || causes.length <= CAUSES ? Infinity : CAUSES - 1;
  const told = causes.slice(0, limit).map((cause) => `${describeCause(cause, view)}\n`);
  const more = causes.length - told.length;
  return [...told, ...(more > 0 ? [`and ${formatCount(more, 'further cause')} (-v tells all)\n`] : [])];
}

/** Those of which the same is so are told together. */
function formatMissing(missing: NonNullable<Explanation['missing']>): readonly string[] {
  const reasons = [...new Set(missing.map(({ what }) => what))];
  const more = reasons.length - CAUSES;
  const told = reasons.slice(0, CAUSES).map((what) => {
    const tasks = missing.filter((each) => each.what === what).map(({ task }) => task);
    return `${firstOf(tasks, FOLLOWERS)}: ${what}\n`;
  });
  return [...told, ...(more > 0 ? [`and ${formatCount(more, 'further reason')}\n`] : [])];
}

/** The explanation as `--json` tells it. */
export function explanationDocument(explanation: Explanation): object {
  const { task, from, to, causes, ...rest } = explanation;
  return {
    schema: 1,
    task: task ?? causes[0]?.task ?? null,
    from: from ?? null,
    to: to ?? null,
    causes,
    ...rest,
  };
}

function sentenceOfTask(explanation: Explanation, { paint }: View): string {
  const { verdict, on = [], from, to, outcome } = explanation;
  const [old] = namesOf(explanation);
  const task = paint.bold(explanation.task ?? '');
  if (outcome !== undefined) return `${task} ${describeOutcome(outcome, explanation)}`;
  if (to !== undefined) return `${task}: nothing that it depends on ${howOther(explanation)}`;
  const since = from === undefined ? '' : `; its result last stood in ${old}`;
  if (verdict === 'depends' && explanation.task !== undefined)
    return `${task} may run: that hangs on ${formatAwaited(explanation.task, on)}${since}`;
  if (verdict === 'restore') return `${task} would be restored: its artifact is in the store${since}`;
  return `${task} would run: ${becauseOf(explanation) ?? 'what it depends on changed'}`;
}

/** Why it ran, where that is known. */
function becauseOf(explanation: Explanation): string | undefined {
  const { reason, from } = explanation;
  if (reason === undefined) return undefined;
  const [old] = namesOf(explanation);
  if (reason.kind === 'inputs-changed' && reason.failed === undefined && from !== undefined)
    return isAcross(explanation) ? `its inputs are not those of ${old}` : `its inputs changed since ${old}`;
  return describeReason(reason);
}

/** Builds of two records: neither comes before the other. */
const isAcross = ({ fromImport, toImport }: Explanation): boolean => fromImport !== toImport;

/** That something is not in the one as in the other. */
function howOther(explanation: Explanation): string {
  const [old, now] = namesOf(explanation);
  return isAcross(explanation) ? `differs between ${old} and ${now}` : `changed from ${old} to ${now}`;
}

/** What the build compared with and the one asked about are called. */
const namesOf = ({ from, to, fromImport, toImport }: Explanation): readonly [string, string] => [
  buildNamed(from, fromImport),
  buildNamed(to, toImport),
];

function describeOutcome(outcome: Outcome, explanation: Explanation): string {
  const { from } = explanation;
  const [, now] = namesOf(explanation);
  switch (outcome.kind) {
    case 'ran':
      return describeRun(outcome, explanation);
    case 'taken-up':
      return `did not run in ${now}: its result of build ${outcome.from} was taken up`;
    case 'repeated':
      return `did not run in ${now}: the same work had been done before`;
    case 'untold':
      return `has a result in ${now}; whether it ran there is no longer noted in its history`;
    case 'noexec':
      return from === undefined
        ? 'has nothing to run, and nothing that it stands for changed'
        : `has nothing to run; what it stands for ${howOther(explanation)}`;
    case 'restored':
      return `did not run in ${now}: the artifact store or a mirror had what these inputs make`;
    case 'covered':
      return `did not run in ${now}: ${describeCover(outcome)}`;
    case 'not-reached':
      return `was not reached in ${now}`;
    default:
      return outcome satisfies never;
  }
}

/** Why nobody needed what a task makes. */
function describeCover({ by }: Extract<Outcome, { kind: 'covered' }>): string {
  if (by === undefined) return 'a task that comes after it had its result already';
  return by.from === undefined
    ? `the artifact store or a mirror had what ${by.task} makes of it`
    : `what ${by.task} made of it in build ${by.from} stands`;
}

function describeRun({ run }: Extract<Outcome, { kind: 'ran' }>, explanation: Explanation): string {
  const { reason, from, toImport } = explanation;
  const ran = `ran in ${buildNamed(run.build, toImport)}${run.ok ? '' : ' and failed'}`;
  if (reason?.kind === 'never-built' && reason.failed === undefined && from === undefined) {
    // The build that it was otherwise in was dropped, or not exported.
    if (run.reason?.kind === 'inputs-changed')
      return `${ran}: its inputs had changed since a build that is not here`;
    return `${ran}, for the first time; nothing that it depends on changed since`;
  }
  return `${ran}: ${becauseOf(explanation) ?? 'what it depends on changed'}`;
}

function sentenceOfBuild(explanation: Explanation, { paint }: View): string {
  const { from, causes, cascade, counts, appeared = [], gone = [] } = explanation;
  const [old, now] = namesOf(explanation);
  const build = paint.bold(now);
  const what = counts === undefined ? '' : `: ${formatCounts(counts)}`;
  if (from === undefined)
    return `${build} is the first one here${what}${explanation.to === 1 ? firstOfAll(counts) : ''}`;
  const isOther = isAcross(explanation);
  const news = [
    ...listed(isOther ? `only in ${now}` : 'new', appeared),
    ...listed(isOther ? `only in ${old}` : 'no longer recorded', gone),
  ].join('');
  if (causes.length + cascade.length + appeared.length + gone.length === 0)
    return `${isOther ? `nothing differs between ${old} and` : `nothing changed from ${old} to`} ${build}${what}`;
  const nothing = counts !== undefined && counts.run + counts.restore + counts.failed === 0;
  return `${build}, compared with ${old}${what}${nothing ? '; nothing ran, older results were taken up' : ''}${news}`;
}

/** What stands in the first build was made in it, or is from an artifact store that was there before. */
function firstOfAll(counts: Explanation['counts']): string {
  if (counts === undefined || counts.restore > 0) return '';
  const isWhole = counts.run > 0 && counts.failed + counts.skipped === 0;
  return isWhole ? '; everything was built for the first time' : '';
}

function listed(what: string, recipes: readonly string[]): readonly string[] {
  if (recipes.length === 0) return [];
  return [`; ${what}: ${firstOf(recipes, FOLLOWERS)}`];
}

function followed(cascade: readonly TaskId[], { verbose }: View): string {
  if (cascade.length === 0) return '';
  return `what followed: ${firstOf(cascade, verbose ? Infinity : FOLLOWERS)}\n`;
}
