/** Tells of names of tasks that are most likely misspelt: such a task does nothing, or what is said of it counts for nothing. */
import { taskName } from '../terms/ids.ts';
import { slipOf } from '../terms/slip.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import type { AddTaskStatement, FunctionStatement, Spot } from './statements.ts';

/** Warns of tasks without a function, of unknown neighbours in `addtask`, and of functions called almost as a task. */
export function warnOfTaskNames(data: Datastore, tasks: readonly { readonly name: string }[]): void {
  const { ownAdditions, ownTaskFunctions } = data.book;
  if (ownAdditions.length === 0 && ownTaskFunctions.length === 0) return;
  const known = new Set(tasks.map(({ name }) => name));
  for (const addition of ownAdditions) {
    for (const task of namesIn(data, addition.tasks))
      if (known.has(task) && isWithoutFunction(data, task)) warnOfNoFunction(data, task, addition);
    warnOfNeighbours(data, addition, known);
  }
  for (const statement of ownTaskFunctions) warnOfSlip(data, statement, known);
}

function warnOfNeighbours(data: Datastore, addition: AddTaskStatement, known: ReadonlySet<string>): void {
  for (const word of ['after', 'before'] as const) {
    for (const name of namesIn(data, addition[word])) {
      const near = known.has(name) ? undefined : slipOf(name, known);
      if (near === undefined) continue;
      const what = `addtask ${addition.tasks.trim()} ${word} ${name}: there is no such task; did you mean ${near}?`;
      data.environment.warn(what, placeIn(addition));
    }
  }
}

function isWithoutFunction(data: Datastore, task: string): boolean {
  return (
    data.content(task) === undefined &&
    data.rawFlag(task, 'noexec') === undefined &&
    data.getRaw(task) === undefined
  );
}

function warnOfNoFunction(data: Datastore, task: string, addition: Spot): void {
  const near = slipOf(
    task,
    data.names().filter((name) => /^do_[^:]*$/.test(name) && data.getRaw(name) !== undefined),
  );
  const next =
    near === undefined
      ? `write one; where it is there only to order others, ${task}[noexec] = "1" says so`
      : `did you mean ${near}?`;
  data.environment.warn(
    `task ${task} has no function ${task}, so nothing is done in it: ${next}`,
    placeIn(addition),
  );
}

function warnOfSlip(data: Datastore, statement: FunctionStatement, known: ReadonlySet<string>): void {
  const name = data.expand(statement.name ?? '');
  const [task = ''] = name.split(':');
  if (known.has(task)) return;
  const near = slipOf(task, known);
  if (near === undefined || isCalled(data, task)) return;
  data.environment.warn(
    `${name} counts for nothing, there is no task ${task}: did you mean ${near}?`,
    placeIn(statement),
  );
}

/** A function of any name may be called by others, from their text or as a prefunc; of `do_flash_${SLOT}` by its beginning. */
function isCalled(data: Datastore, name: string): boolean {
  const isNamedIn = (text = ''): boolean =>
    text.split(/[^\w.+-]+/).includes(name) ||
    [...text.matchAll(/(do_\w*)\$/g)].some(([, beginning = name]) => name.startsWith(beginning));
  return data
    .names()
    .filter((other) => other.split(':')[0] !== name)
    .some(
      (other) =>
        isNamedIn(data.getRaw(other)) ||
        ['prefuncs', 'postfuncs', 'vardeps'].some((flag) => isNamedIn(data.rawFlag(other, flag))),
    );
}

function namesIn(data: Datastore, words: string): readonly string[] {
  return splitWords(words.includes('${') ? data.expand(words) : words).map(taskName);
}

function placeIn({ file, line }: Spot): { readonly file: string; readonly line: number } {
  return { file, line };
}
