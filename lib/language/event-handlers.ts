/** Event handlers: which are in force, and what they are called for. */
import type { Event, Handler } from '../ports/python.ts';
import { VarveError } from '../terms/varve-error.ts';
import { askPython, refuseFailure } from './ask-python.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** Puts in force what `addhandler` named so far. One that is in force already stays as it was then. */
export function registerHandlers(data: Datastore): void {
  const known = new Set(data.book.registered.map(({ name }) => name));
  const added = [...new Set(data.book.handlers)]
    .filter((name) => !known.has(name))
    .map((name) => handlerOf(data, name));
  if (added.length > 0) data.note({ registered: [...data.book.registered, ...added] });
}

function handlerOf(data: Datastore, name: string): Handler {
  const file = data.rawFlag(name, 'filename');
  if (file === undefined) {
    throw new VarveError('metadata', `the event handler ${name} is no function`, {
      place: { file: data.get('FILE') ?? '' },
    });
  }
  return {
    name,
    body: data.getRaw(name) ?? '',
    events: splitWords(data.flag(name, 'eventmask')),
    file,
    line: Number(data.rawFlag(name, 'lineno') ?? '1'),
  };
}

/** Calls the handlers of an event. Python is started only where there is one. */
export function fireEvent(data: Datastore, event: Event): void {
  const first = data.book.registered.find(({ events }) => hears(events, event.name));
  if (first === undefined) return;
  const place = { file: first.file, line: first.line };
  const result = askPython(data, place, (python, view) => python.fire(event, view));
  if (!result.ok) throw refuseFailure(result.failure, { what: `a handler of ${event.name}`, place });
}

function hears(events: readonly string[], name: string): boolean {
  return events.length === 0 || events.includes('*') || events.includes(`bb.event.${name}`);
}
