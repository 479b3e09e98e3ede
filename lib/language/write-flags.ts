import type { Value } from '../ports/python.ts';
import { noteRenamed } from './renamed-variables.ts';
import { lookUp, touched, type State } from './state.ts';
import { noFlags, unknownVariable, type Origin } from './variable.ts';

export interface FlagWrite {
  readonly flag: string;
  readonly value: Value;
  readonly origin: Origin | undefined;
  /** As `??=` does. */
  readonly weak: boolean;
}

/** Sets a flag. */
export function setFlag(state: State, name: string, { flag, value, origin, weak }: FlagWrite): void {
  noteRenamed(state, name, origin);
  const variable = lookUp(state, name) ?? unknownVariable;
  const kind = weak ? 'weakFlags' : 'flags';
  if (origin === undefined && variable[kind].get(flag) === value) return;
  touched(state, name);
  state.variables.set(name, {
    ...variable,
    [kind]: new Map(variable[kind]).set(flag, value),
    origins: withOrigin(variable.origins, flag, origin),
  });
  if (flag === 'export' || flag === 'unexport') state.exportNames.set(name, true);
  if (name.includes('${')) state.keysToExpand.set(name, true);
}

/** Deletes a flag and its weak default; a weak default by itself stays, as in BitBake. */
export function removeFlag(
  state: State,
  name: string,
  { flag, origin }: Pick<FlagWrite, 'flag' | 'origin'>,
): void {
  const variable = lookUp(state, name);
  if (variable?.flags.has(flag) !== true) return;
  touched(state, name);
  state.variables.set(name, {
    ...variable,
    flags: without(variable.flags, flag),
    weakFlags: without(variable.weakFlags, flag),
    origins: withOrigin(variable.origins, flag, origin),
  });
}

function without(flags: ReadonlyMap<string, Value>, flag: string): ReadonlyMap<string, Value> {
  const rest = new Map(flags);
  rest.delete(flag);
  return rest.size === 0 ? noFlags : rest;
}

function withOrigin(origins: readonly Origin[], flag: string, origin: Origin | undefined): readonly Origin[] {
  return origin === undefined ? origins : [...origins, { ...origin, flag }];
}
