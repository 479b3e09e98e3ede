/** Carries out one statement. */
import type { Datastore } from './datastore.ts';
import { addLibrary, defineFunction, definePython, exportFunctions } from './define-functions.ts';
import { includeFiles } from './include-files.ts';
import { inheritClasses } from './inherit-classes.ts';
import { splitWords } from './python-values.ts';
import { isClass, originOf, placeOfSpot, type Reading } from './reading.ts';
import type { Assignment, Operator, Statement } from './statements.ts';
import { addTask, deleteTask } from './tasks.ts';

/** Carries out a statement; throws where it cannot be. */
export function evaluateStatement(reading: Reading, statement: Statement): void {
  const { data } = reading;
  switch (statement.kind) {
    case 'assign':
      return assign(reading, statement);
    case 'export':
      return data.setFlag(statement.name, 'export', '1', originOf(statement, 'exported', '1'));
    case 'unset':
      return data.delete(statement.name, originOf(statement, 'unset', ''));
    case 'unset-flag':
      return data.deleteFlag(statement.name, statement.flag, originOf(statement, 'unset', ''));
    case 'include':
      return includeFiles(reading, statement);
    case 'inherit':
      return inheritClasses(reading, { classes: statement.classes, spot: statement });
    case 'inherit-defer':
      return data.note({
        deferred: [...data.book.deferred, { classes: statement.classes, spot: statement }],
      });
    case 'function':
      return defineFunction(data, statement);
    case 'def':
      return definePython(data, statement);
    case 'export-functions':
      return exportFunctions(data, statement);
    case 'addtask':
      if (!isClass(statement)) data.note({ ownAdditions: [...data.book.ownAdditions, statement] });
      return splitWords(statement.tasks).forEach((task) => addTask(data, { ...statement, task }));
    case 'deltask':
      return splitWords(data.expand(statement.tasks, statement)).forEach((task) => deleteTask(data, task));
    case 'addhandler':
      return addHandlers(data, splitWords(statement.functions));
    case 'addpylib':
      return addLibrary(data, statement);
    case 'addfragments':
      return reading.environment.warn(`varve passes over ${statement.kind}`, placeOfSpot(statement));
    default:
      return statement satisfies never;
  }
}

function addHandlers(data: Datastore, names: readonly string[]): void {
  data.note({ handlers: [...data.book.handlers, ...names] });
  for (const name of names) data.setFlag(name, 'handler', '1');
}

const operations: Readonly<Record<Operator, string>> = {
  '=': 'set',
  ':=': 'immediate',
  '?=': 'set?',
  '??=': 'set??',
  '+=': 'append',
  '=+': 'prepend',
  '.=': 'postdot',
  '=.': 'predot',
};

function assign(reading: Reading, statement: Assignment): void {
  const { data, environment } = reading;
  const { name, flag, operator, exported } = statement;
  if (exported) data.setFlag(name, 'export', '1', originOf(statement, 'exported', '1'));
  if (/:(?:append|prepend|remove)/.test(name) && /^(?:\+=|=\+|\.=|=\.)$/.test(operator)) {
    environment.warn(`${name} ${operator} joins two ways to add; use one of them`, placeOfSpot(statement));
  }
  const value = newValue(data, statement);
  if (value === undefined) {
    keepOverride(data, statement);
    return;
  }
  const origin = originOf(statement, operations[operator], statement.value);
  const weak = operator === '??=';
  if (flag !== undefined) {
    if (weak) data.setFlagWeakly(name, flag, value, origin);
    else data.setFlag(name, flag, value, origin);
  } else if (weak) data.assignWeakly(name, value, origin);
  else data.assign(name, value, origin);
}

/** An override that `unset` of its variable put out of force counts again once it is assigned to, by "?=" too. */
function keepOverride(data: Datastore, { name, flag }: Assignment): void {
  const content = data.content(name);
  if (flag === undefined && content !== undefined && name.includes(':')) data.assign(name, content);
}

/** The value after the statement; undefined: it changes nothing. Weak defaults count for nothing here. */
function newValue(data: Datastore, statement: Assignment): string | undefined {
  const { name, flag, operator, value } = statement;
  if (operator === '=' || operator === '??=') return value;
  if (operator === ':=') return data.expand(value, statement);
  const old = flag === undefined ? data.content(name) : data.flagContent(name, flag);
  switch (operator) {
    case '?=':
      return old === undefined ? value : undefined;
    case '+=':
      return `${old ?? ''} ${value}`;
    case '=+':
      return `${value} ${old ?? ''}`;
    case '.=':
      return `${old ?? ''}${value}`;
    case '=.':
      return `${value}${old ?? ''}`;
    default:
      return operator satisfies never;
  }
}
