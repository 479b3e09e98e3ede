/** What happens once all of a recipe's text is read. */
import { VarveError } from '../terms/varve-error.ts';
import { runPythonFunction } from './ask-python.ts';
import type { Datastore } from './datastore.ts';
import { fireEvent, registerHandlers } from './event-handlers.ts';
import { inheritClasses } from './inherit-classes.ts';
import { ownCalls } from './own-calls.ts';
import { splitWords } from './python-values.ts';
import type { Reading } from './reading.ts';
import { refuseRenamed } from './renamed-variables.ts';
import { dependenciesOf } from './tasks.ts';

export interface TaskOfRecipe {
  readonly name: string;
  /** Tasks of the recipe that it stands after, in BitBake's order; some may not exist. */
  readonly deps: readonly string[];
}

/** Reads deferred classes, expands names, runs anonymous functions; answers the tasks in addtask order. */
export function finaliseRecipe(reading: Reading): readonly TaskOfRecipe[] {
  const { data } = reading;
  refuseRenamed(data);
  const file = data.get('FILE') ?? '';
  const deferred = data.book.deferred.map(({ classes }) => classes);
  fireEvent(data, {
    name: 'RecipePreDeferredInherits',
    args: [file, deferred.length === 0 ? [''] : deferred],
  });
  inheritDeferred(reading);
  registerHandlers(data);
  fireEvent(data, { name: 'RecipePreFinalise', args: [file] });
  expandKeys(data);
  fireEvent(data, { name: 'RecipePostKeyExpansion', args: [file] });
  runAnonymousFunctions(data);
  fireEvent(data, { name: 'RecipeTaskPreProcess', args: [file, data.book.tasks] });
  replaceVirtualProviders(data);
  const tasks = expandTasks(data);
  fireEvent(data, { name: 'RecipeParsed', args: [file] });
  return tasks;
}

function inheritDeferred(reading: Reading): void {
  const { data } = reading;
  for (let next = data.book.deferred[0]; next !== undefined; next = data.book.deferred[0]) {
    data.note({ deferred: data.book.deferred.slice(1) });
    inheritClasses(reading, { ...next, deferred: true });
  }
}

/** Gives names that hold references their final form: `RDEPENDS:${PN}` becomes `RDEPENDS:zlib`. */
export function expandKeys(data: Datastore): void {
  // Everything asks for them from here on: what is wrong with them is told first.
  data.overrides();
  const renamed = data
    .namesToExpand()
    .map((name) => [name, data.expand(name)] as const)
    .filter(([name, expanded]) => name !== expanded);
  for (const [name, expanded] of renamed) {
    const both = data.content(name) !== undefined && data.getRaw(expanded) !== undefined;
    if (both) {
      const origin = data.origins(name).at(-1);
      const place = origin === undefined ? undefined : { file: origin.file, line: origin.line };
      data.environment.warn(`${name} replaces ${expanded}, which is set too`, place);
    }
    data.rename(name, expanded);
  }
}

function runAnonymousFunctions(data: Datastore): void {
  for (const name of data.book.anonymous) {
    const body = data.getRaw(name);
    if (body === undefined || body.trim() === '') continue;
    const own = ownCalls(body);
    if (own !== undefined) {
      for (const call of own) call(data);
      continue;
    }
    const place = {
      file: data.rawFlag(name, 'filename') ?? '',
      line: Number(data.rawFlag(name, 'lineno') ?? '1'),
    };
    runPythonFunction(data, { name, body, place });
  }
}

/** Puts in the preferred provider of each name of BB_RECIPE_VIRTUAL_PROVIDERS; DEPENDS is a plain list from here on. */
function replaceVirtualProviders(data: Datastore): void {
  const virtual = new Set(splitWords(data.get('BB_RECIPE_VIRTUAL_PROVIDERS')));
  const provider = (name: string): string => {
    if (!virtual.has(name)) return name;
    const preferred = data.get(`PREFERRED_PROVIDER_${name}`) ?? '';
    if (preferred !== '') return preferred;
    throw new VarveError('metadata', `PREFERRED_PROVIDER_${name} is not set, but ${name} is in DEPENDS`, {
      place: { file: data.get('FILE') ?? '' },
    });
  };
  data.set('DEPENDS', splitWords(data.get('DEPENDS')).map(provider).join(' '));
  for (const task of data.book.tasks) {
    const entries = splitWords(data.flag(task, 'depends'));
    const mapped = entries.map((entry) => {
      const [name = '', other, ...more] = entry.split(':');
      if (other === undefined || more.length > 0) throw notATask(data, task, entry);
      return `${provider(name)}:${other}`;
    });
    data.setFlag(task, 'depends', mapped.join(' '));
  }
}

function notATask(data: Datastore, task: string, entry: string): VarveError {
  const origin = data.origins(task).findLast(({ flag }) => flag === 'depends');
  return new VarveError('metadata', `${task}[depends] names ${entry}, which is not RECIPE:TASK`, {
    place: origin === undefined ? { file: data.get('FILE') ?? '' } : { file: origin.file, line: origin.line },
  });
}

const switches = ['noexec', 'nostamp', 'fakeroot'];

/** These are on when they are set at all: who writes "0" means something else. */
function warnOfSwitches(data: Datastore, task: string): void {
  for (const flag of switches) {
    const value = data.flag(task, flag);
    if (value === undefined || value === '1') continue;
    const origin = data.origins(task).findLast((one) => one.flag === flag);
    const place = origin === undefined ? undefined : { file: origin.file, line: origin.line };
    data.environment.warn(`${task}[${flag}] is "${value}", which BitBake takes for "1"`, place);
  }
}

/** What is wrong in them is told when the recipe is read, not when the task is looked at. */
const expandedAtOnce = [
  'depends',
  'deptask',
  'mcdepends',
  'rdepends',
  'rdeptask',
  'recideptask',
  'recrdeptask',
  'umask',
];

function expandTasks(data: Datastore): readonly TaskOfRecipe[] {
  const tasks = new Map<string, TaskOfRecipe>();
  for (const written of data.book.tasks) {
    const name = data.expand(written);
    data.setFlag(name, 'task', '1');
    for (const flag of expandedAtOnce) data.flag(name, flag);
    warnOfSwitches(data, name);
    if (!tasks.has(name)) {
      tasks.set(name, { name, deps: dependenciesOf(data, name).map((other) => data.expand(other)) });
    }
  }
  return [...tasks.values()];
}
