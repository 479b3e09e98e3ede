import type { Value } from '../ports/python.ts';
import { activeOverrides, isActive } from './active-overrides.ts';
import { noteRenamed } from './renamed-variables.ts';
import { placeOfOrigin } from './reading.ts';
import { refuseOldSyntax } from './refuse-old-syntax.ts';
import { lookUp, touched, type OverrideName, type State } from './state.ts';
import { textOf, unknownVariable, type Late, type Origin, type Variable } from './variable.ts';

export interface Write {
  readonly value: Value;
  readonly origin: Origin | undefined;
}

type Keyword = 'append' | 'prepend' | 'remove';

/** Sets as `NAME = "…"` does; a name that ends in `:append` and the like adds to what happens late. */
export function assign(state: State, name: string, { value, origin }: Write): void {
  refuseOldSyntax(name, (old) => (origin === undefined ? undefined : placeOfOrigin(origin, old)));
  noteRenamed(state, name, origin);
  const late = lateOperation(name);
  if (late !== undefined) {
    addLate(state, late, { value, origin });
    return;
  }
  if (name.includes(':')) registerOverrides(state, name);
  change(state, name, (variable) => ({ ...variable, content: value, origins: withOrigin(variable, origin) }));
}

/** Sets as `NAME ??= "…"` does. */
export function assignWeakly(state: State, name: string, { value, origin }: Write): void {
  noteRenamed(state, name, origin);
  if (name.includes(':')) registerOverrides(state, name);
  change(state, name, (variable) => ({
    ...variable,
    weak: textOf(value),
    origins: withOrigin(variable, origin),
  }));
}

/** Sets as `d.setVar` does: late operations and active overrides are dropped first. */
export function set(state: State, name: string, write: Write): void {
  if (lateOperation(name) === undefined) {
    dropActiveOverrides(state, name);
    const variable = lookUp(state, name);
    if (variable !== undefined && hasLate(variable)) {
      change(state, name, () => ({ ...variable, append: [], prepend: [], remove: [] }));
    }
  }
  assign(state, name, write);
}

function dropActiveOverrides(state: State, name: string): void {
  const overriding = state.overrideNames.get(name);
  if (overriding === undefined || overriding.length === 0) return;
  const active = activeOverrides(state).set;
  for (const one of overriding) if (isActive(active, one.override)) remove(state, one.name, undefined);
  state.overrideNames.set(name, []);
}

/** Deletes a name with its flags; what it overrides goes back to its own value. */
export function remove(state: State, name: string, origin: Origin | undefined): void {
  const variable = lookUp(state, name);
  touched(state, name);
  state.variables.set(name, {
    ...unknownVariable,
    origins: origin === undefined ? (variable?.origins ?? []) : [...(variable?.origins ?? []), origin],
  });
  if (state.overrideNames.get(name) !== undefined) state.overrideNames.set(name, []);
  for (const { base, override } of suffixesOf(name)) {
    const others = state.overrideNames.get(base);
    if (others === undefined) continue;
    touched(state, base);
    state.overrideNames.set(
      base,
      others.filter((one) => one.name !== name || one.override !== override),
    );
  }
}

/** Gives a value, with its late operations and overrides, another name. Flags are lost, as in BitBake. */
export function rename(state: State, from: string, to: string): void {
  if (from === to) return;
  const variable = lookUp(state, from) ?? unknownVariable;
  const value = variable.content ?? variable.weak;
  const late = hasLate(variable);
  const becomesLate = lateOperation(to) !== undefined;
  if (value !== undefined)
    assign(state, to, { value, origin: becomesLate ? variable.origins.at(-1) : undefined });
  if ((value !== undefined || late) && !becomesLate) {
    change(state, to, (target) => ({
      ...target,
      append: [...target.append, ...variable.append],
      prepend: [...target.prepend, ...variable.prepend],
      remove: [...target.remove, ...variable.remove],
      origins: [...target.origins, ...variable.origins],
    }));
  }
  const overriding = state.overrideNames.get(from);
  if (overriding !== undefined && overriding.length > 0) renameOverrides(state, { from, to, overriding });
  if (value === undefined && !late && overriding === undefined) return;
  if (to.includes(':') && value === undefined) registerOverrides(state, to);
  remove(state, from, undefined);
}

function renameOverrides(
  state: State,
  {
    from,
    to,
    overriding,
  }: { readonly from: string; readonly to: string; readonly overriding: readonly OverrideName[] },
): void {
  touched(state, to);
  state.overrideNames.set(
    to,
    overriding.map(({ name, override }) => ({ name: name.replaceAll(from, to), override })),
  );
  for (const { name } of overriding) rename(state, name, name.replaceAll(from, to));
}

function change(state: State, name: string, to: (variable: Variable) => Variable): void {
  touched(state, name);
  state.variables.set(name, to(lookUp(state, name) ?? unknownVariable));
  if (name.includes('${')) state.keysToExpand.set(name, true);
}

function hasLate(variable: Variable): boolean {
  return variable.append.length + variable.prepend.length + variable.remove.length > 0;
}

function withOrigin(variable: Variable, origin: Origin | undefined): readonly Origin[] {
  return origin === undefined ? variable.origins : [...variable.origins, origin];
}

interface LateOperation {
  readonly name: string;
  readonly keyword: Keyword;
  readonly overrides: string;
}

/** `A:append:arm` is a late operation on A; `A:append:ARM` is a plain name, as in BitBake. */
function lateOperation(name: string): LateOperation | undefined {
  if (!name.includes(':')) return undefined;
  const match = /^(.*?):(append|prepend|remove)(?::([^A-Z]*))?$/s.exec(name);
  if (match === null) return undefined;
  return { name: match[1] ?? '', keyword: match[2] as Keyword, overrides: match[3] ?? '' };
}

function addLate(state: State, { name, keyword, overrides }: LateOperation, { value, origin }: Write): void {
  const late: Late = { text: textOf(value) ?? '', overrides };
  const operation = overrides === '' ? `:${keyword}` : `:${keyword}[${overrides}]`;
  change(state, name, (variable) => ({
    ...variable,
    [keyword]: [...variable[keyword], late],
    origins: withOrigin(variable, origin === undefined ? undefined : { ...origin, operation }),
  }));
  noteSuffixes(state, overrides);
  if (name.includes(':')) registerOverrides(state, name);
}

/** Each way to take a name apart into a shorter one and an override: `A:x:y` is A:x under y, and A under x:y. */
function suffixesOf(name: string): readonly { readonly base: string; readonly override: string }[] {
  const found: { readonly base: string; readonly override: string }[] = [];
  let colon = name.lastIndexOf(':');
  while (colon > 0) {
    const override = name.slice(colon + 1);
    // Anything else after a colon is no override: capitals, or a reference yet to be expanded.
    if (!/^[a-z0-9]/.test(override)) break;
    found.push({ base: name.slice(0, colon), override });
    colon = name.lastIndexOf(':', colon - 1);
  }
  return found;
}

function registerOverrides(state: State, name: string): void {
  for (const { base, override } of suffixesOf(name)) {
    const known = state.overrideNames.get(base) ?? [];
    if (known.some((one) => one.name === name && one.override === override)) continue;
    touched(state, base);
    state.overrideNames.set(base, [...known, { name, override }]);
    if (base.includes('${')) state.keysToExpand.set(base, true);
    noteSuffixes(state, override);
  }
}

function noteSuffixes(state: State, overrides: string): void {
  if (overrides === '') return;
  for (const one of overrides.split(':'))
    if (state.suffixes.get(one) === undefined) state.suffixes.set(one, true);
}
