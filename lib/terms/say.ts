/** How an operation tells its caller of something on the way: a line for people, never an answer. */
import type { Place } from './varve-error.ts';

export type Say = (text: string) => void;

/** Turns a warning of the metadata's into a line; what was said before is not said again. */
export function warnThrough(say: Say): (text: string, place?: Place) => void {
  const said = new Set<string>();
  return (text, place) => {
    const at = [place?.file, place?.line].filter((part) => part !== undefined).join(':');
    const line = `warning: ${at === '' ? '' : `${at}: `}${text}`;
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}
