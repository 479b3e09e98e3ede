/** Puts texts back that were recorded as inputs of tasks: the way from a signature to the variables it was made from. */
import type { Input } from '../terms/inputs.ts';
import { taskOverride } from './create-datastore.ts';
import type { Datastore } from './datastore.ts';
import { flagNamed } from './direct-dependencies.ts';
import { giveAnswers, splitAnswers } from './given-answers.ts';
import { libraryFunction } from './library-functions.ts';
import { taskInput, taskInputs } from './signature-text.ts';

/** Inputs by the task that has them, with its `do_`. */
export type InputsByTask = ReadonlyMap<string, readonly Input[]>;

/**
 * Changes variables, functions and flags so that the tasks have these inputs, as far as texts make them. What a recipe is
 * made from beside texts stays as it is: functions of a layer's modules, and values that signatures do not hold.
 */
export function setInputs(data: Datastore, wanted: InputsByTask): void {
  const texts = [...wanted].flatMap(([task, inputs]) =>
    inputs.filter(isText).map((input) => ({ ...input, task })),
  );
  const byName = new Map<string, Use[]>();
  for (const use of texts) byName.set(use.name, [...(byName.get(use.name) ?? []), use]);
  for (const [name, uses] of byName) if (isSettable(data, name)) setOne(data, name, uses);
  giveAnswers(
    data,
    texts.map(({ value }) => value),
  );
  // What a flag names may be there for being exported, too, and what is exported for all may be named by a task.
  dropFlags(data, wanted);
  matchExports(data, wanted);
  dropFlags(data, wanted);
}

const isText = ({ kind }: Input): boolean =>
  kind === 'variable' || kind === 'function' || kind === 'flag' || kind === 'task';

/** What another text stands for in signatures cannot be told from it. */
function isSettable(data: Datastore, name: string): boolean {
  return data.flag(name, 'vardepvalue') === undefined && libraryFunction(data, name) === undefined;
}

interface Use extends Input {
  readonly task: string;
}

/** One value for all, or one for each task that sees it otherwise. */
function setOne(data: Datastore, name: string, uses: readonly Use[]): void {
  const [first] = uses;
  if (first === undefined || uses.every((use) => isAsWanted(data, use))) return;
  const flag = flagNamed(name);
  if (flag !== undefined) {
    setFlag(data, flag, first);
    return;
  }
  const common = uses.find(isUnset) ?? first;
  setValue(data, name, common);
  setFunction(data, first);
  for (const use of uses) {
    if (!isAsWanted(data, use)) setValue(data, `${name}:${taskOverride(use.task)}`, use);
  }
}

const isAsWanted = (data: Datastore, { task, name, value }: Use): boolean =>
  taskInput(data, task, name).value === value;

/** What is not set stands for itself. */
const isUnset = ({ name, value }: Input): boolean => value === `\${${name}}`;

function setFlag(
  data: Datastore,
  { name, flag }: { readonly name: string; readonly flag: string },
  input: Input,
): void {
  if (isUnset(input)) data.deleteFlag(name, flag);
  else data.setFlag(name, flag, input.value);
}

function setValue(data: Datastore, name: string, input: Input): void {
  if (isUnset(input)) {
    const flags = data.allFlagNames(name).map((flag) => [flag, data.rawFlag(name, flag) ?? ''] as const);
    data.delete(name);
    for (const [flag, value] of flags) data.setFlag(name, flag, value);
    return;
  }
  const { text, removed } = splitAnswers(input.value);
  data.set(name, text);
  for (const words of removed) data.assign(`${name}:remove`, words);
}

function setFunction(data: Datastore, { kind, name }: Input): void {
  if (kind === 'variable') data.deleteFlag(name, 'func');
  else if ((data.rawFlag(name, 'func') ?? '') === '') data.setFlag(name, 'func', '1');
}

/** Where something runs, as whom, and whether it is exported count by being there. */
function dropFlags(data: Datastore, wanted: InputsByTask): void {
  for (const [task, inputs] of wanted) {
    const names = namesOf(inputs);
    for (const { name } of taskInputs(data, task)) {
      const found = names.has(name) ? undefined : flagNamed(name);
      if (found !== undefined) data.deleteFlag(found.name, found.flag);
    }
  }
}

/**
 * An exported variable is an input of every shell task, named or not. One that is missing may also have been named by
 * another that is missing: all are exported, and those that reach a task which had them not are taken back.
 */
function matchExports(data: Datastore, wanted: InputsByTask): void {
  dropExports(data, wanted);
  for (const [task, inputs] of wanted) {
    const now = namesOf(taskInputs(data, task));
    for (const { kind, name } of inputs)
      if (kind === 'variable' && !now.has(name)) data.setFlag(name, 'export', '1');
  }
  dropExports(data, wanted);
}

function dropExports(data: Datastore, wanted: InputsByTask): void {
  for (const [task, inputs] of wanted) {
    const [now, names] = [namesOf(taskInputs(data, task)), namesOf(inputs)];
    for (const name of data.exported())
      if (now.has(name) && !names.has(name)) data.deleteFlag(name, 'export');
  }
}

const namesOf = (inputs: readonly Input[]): ReadonlySet<string> => new Set(inputs.map(({ name }) => name));
