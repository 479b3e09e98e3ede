import { distance } from 'fastest-levenshtein';

/**
 * Finds the name of which the typed one is a slip of the hand: one letter too many, too few or another, or two in the wrong
 * order. Undefined where there is none, or more than one. A digit is none: who counts means it.
 */
export function slipOf(typed: string, names: Iterable<string>): string | undefined {
  const near = [...names].filter((name) => isSlip(typed, name));
  return near.length === 1 ? near[0] : undefined;
}

function isSlip(typed: string, name: string): boolean {
  if (typed === name || Math.abs(typed.length - name.length) > 1 || digits(typed) !== digits(name))
    return false;
  return distance(typed, name) === 1 || isSwapped(typed, name);
}

const digits = (text: string): string => text.replaceAll(/\D/g, '');

function isSwapped(typed: string, name: string): boolean {
  let at = 0;
  while (typed[at] === name[at]) at++;
  return `${typed.slice(0, at)}${typed[at + 1] ?? ''}${typed[at] ?? ''}${typed.slice(at + 2)}` === name;
}
