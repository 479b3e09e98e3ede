import type { Value } from '../ports/python.ts';
import { VarveError } from '../terms/varve-error.ts';
import { applies, overridingName } from './active-overrides.ts';
import type { Expanded } from './datastore.ts';
import { expandText } from './expand-text.ts';
import { filtered } from './filter-values.ts';
import { lookUp, type State } from './state.ts';
import { splitWords } from './python-values.ts';
import { textOf } from './variable.ts';

const nothingRemoved: ReadonlySet<string> = new Set();
const unset: Expanded = { value: undefined, references: [], expressions: [], removed: nothingRemoved };

/** Reads a value after overrides, `:append` and `:prepend`. */
export function rawValue(state: State, name: string): Value | undefined {
  const variable = lookUp(state, name);
  const overriding = overridingName(state, name);
  const overridden = overriding === undefined ? undefined : rawValue(state, overriding);
  let value = overridden ?? variable?.content ?? variable?.weak;
  if (variable === undefined) return value;
  for (const late of variable.append) {
    if (applies(state, late)) value = extendable(value, name) + late.text;
  }
  for (const late of variable.prepend) {
    if (applies(state, late)) value = late.text + extendable(value, name);
  }
  return value;
}

function extendable(value: Value | undefined, name: string): string {
  const text = textOf(value);
  if (text === undefined || typeof value === 'string') return text ?? '';
  throw new VarveError('metadata', `${name} is ${text}, which is no text that could be added to`);
}

/** Reads a value, expands it and takes out what `:remove` says. */
export function expandedValue(state: State, name: string): Expanded {
  const known = state.cache.get(name);
  if (known !== undefined) {
    if (state.watching) lookUp(state, name);
    return known;
  }
  const raw = rawValue(state, name);
  let expanded = unset;
  if (typeof raw === 'object') expanded = { ...unset, value: raw.text, foreign: raw };
  else if (raw !== undefined) {
    expanded = { removed: nothingRemoved, ...expandText(state, raw, { name }) };
    if (expanded.value !== '') expanded = filtered(state, name, withoutRemoved(state, name, expanded));
  }
  state.cache.set(name, expanded);
  return expanded;
}

function withoutRemoved(state: State, name: string, expanded: Expanded): Expanded {
  const overriding = overridingName(state, name);
  const above = overriding === undefined ? nothingRemoved : expandedValue(state, overriding).removed;
  const own = lookUp(state, name)?.remove ?? [];
  if (above.size + own.length === 0) return expanded;
  const texts = new Set(above);
  for (const late of own) if (applies(state, late)) texts.add(late.text);
  if (texts.size === 0) return expanded;
  // Named, so that a text that asks for its own variable is noticed.
  const about = { name: `${name}:remove` };
  const words = [...texts].map(
    (text) => [text, new Set(splitWords(expandText(state, text, about).value))] as const,
  );
  const removed = new Set<string>();
  // Only the words go: the white space around them stays, as in BitBake.
  const kept = (expanded.value ?? '').split(/(\s)/).filter((part) => {
    const by = words.filter(([, these]) => these.has(part));
    for (const [text] of by) removed.add(text);
    return by.length === 0;
  });
  return { ...expanded, value: kept.join(''), removed };
}

/** Reads a flag as it was written. */
export function rawFlag(state: State, name: string, flag: string): Value | undefined {
  const variable = lookUp(state, name);
  return variable?.flags.get(flag) ?? variable?.weakFlags.get(flag);
}

/** Reads a flag as it was written, weak defaults aside. */
export function flagContent(state: State, name: string, flag: string): string | undefined {
  return textOf(lookUp(state, name)?.flags.get(flag));
}

/** Reads and expands a flag. */
export function expandedFlag(state: State, name: string, flag: string): Expanded {
  const raw = rawFlag(state, name, flag);
  if (raw === undefined) return unset;
  const key = `${name}[${flag}]`;
  const known = state.cache.get(key);
  if (known !== undefined) return known;
  const expanded =
    typeof raw === 'object'
      ? { ...unset, value: raw.text, foreign: raw }
      : { removed: nothingRemoved, ...expandText(state, raw, { name: key }) };
  state.cache.set(key, expanded);
  return expanded;
}

/** What the engine itself keeps in flags: everyone may read it, nobody sees it in a list. */
const inner: ReadonlySet<string> = new Set([
  'func',
  'python',
  'fakeroot',
  'task',
  'deps',
  'lineno',
  'filename',
  'handler',
]);

/** Lists the flags that metadata set. */
export function flagNames(state: State, name: string): readonly string[] {
  return allFlagNames(state, name).filter((flag) => !inner.has(flag));
}

/** Lists all flags, those of the engine itself too. One that begins with `_` is seen as a weak default only. */
export function allFlagNames(state: State, name: string): readonly string[] {
  const variable = lookUp(state, name);
  if (variable === undefined) return [];
  const { flags, weakFlags } = variable;
  const weak = [...weakFlags.keys()].filter((flag) => !flags.has(flag));
  return [...[...flags.keys()].filter((flag) => !flag.startsWith('_')), ...weak];
}

/** Reads all flags that metadata set, expanded. */
export function visibleFlags(state: State, name: string): ReadonlyMap<string, string> {
  return new Map(flagNames(state, name).map((flag) => [flag, expandedFlag(state, name, flag).value ?? '']));
}
