/** How an operation tells its caller of something on the way: a line for people, never an answer. */
import type { Place } from './varve-error.ts';

export type Say = (text: string) => void;

/** Turns a warning of the metadata's into a line. */
export function warnThrough(say: Say): (text: string, place?: Place) => void {
  return (text, place) => {
    const at = [place?.file, place?.line].filter((part) => part !== undefined).join(':');
    say(`warning: ${at === '' ? '' : `${at}: `}${text}`);
  };
}
