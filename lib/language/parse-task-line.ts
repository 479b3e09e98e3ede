/** Reads the lines that only recipes and classes know: tasks, classes, exported functions, handlers. */
import { VarveError } from '../terms/varve-error.ts';
import { placeOfSpot } from './reading.ts';
import type { AddTaskStatement, Spot, Statement } from './statements.ts';

/** Reads a line; undefined: it is none of these. */
export function parseTaskLine(text: string, spot: Spot, className: string): Statement | undefined {
  const match = /^(EXPORT_FUNCTIONS|addhandler|inherit|inherit_defer)\s+(.+)/.exec(text);
  const words = match?.[2] ?? '';
  switch (match?.[1]) {
    case 'EXPORT_FUNCTIONS':
      return { ...spot, kind: 'export-functions', functions: words, className };
    case 'addhandler':
      return { ...spot, kind: 'addhandler', functions: words };
    case 'inherit':
      return { ...spot, kind: 'inherit', classes: words };
    case 'inherit_defer':
      return { ...spot, kind: 'inherit-defer', classes: words };
    default:
      break;
  }
  const task = /^(addtask|deltask)\s+([^#\n]+)/.exec(text);
  if (task === null) return undefined;
  return task[1] === 'addtask'
    ? addTask(task[2] ?? '', text, spot)
    : { ...spot, kind: 'deltask', tasks: task[2] ?? '' };
}

/**
 * `before` and `after` may stand in any order, and more than once: the lists of one kind are then joined without a
 * space between, as BitBake does.
 */
function addTask(words: string, text: string, spot: Spot): AddTaskStatement {
  const [beforeBefore = ''] = words.split(' before ');
  const [tasks = ''] = beforeBefore.split(' after ');
  const after = words.split(' before ').map((part) => part.split(' after ').slice(1).join(' '));
  const before = words.split(' after ').map((part) => part.split(' before ').slice(1).join(' '));
  const odd = text.split(/\s+/).find((word) => /:(?:append|prepend|remove)_/.test(word));
  if (odd !== undefined) {
    throw new VarveError('metadata', `the task name ${odd} holds an override operator`, {
      place: placeOfSpot(spot, odd),
    });
  }
  return { ...spot, kind: 'addtask', tasks, before: before.join(''), after: after.join('') };
}
