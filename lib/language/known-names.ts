import { byCodeUnit } from '../terms/ids.ts';
import { activeOverrides, isActive } from './active-overrides.ts';
import { expandedFlag } from './read-values.ts';
import { lookUp, type State } from './state.ts';
import { isEmpty } from './variable.ts';

/** Tells whether the name, or an override of it, has a value or a flag. */
export function isKnown(state: State, name: string): boolean {
  const variable = lookUp(state, name);
  if (variable !== undefined && !isEmpty(variable)) return true;
  return isOverridden(state, name);
}

function isOverridden(state: State, name: string): boolean {
  const candidates = state.overrideNames.get(name);
  if (candidates === undefined || candidates.length === 0) return false;
  const { set } = activeOverrides(state);
  return candidates.some(({ override }) => isActive(set, override));
}

/** Lists the names that are known, without those that the engine keeps for itself. */
export function knownNames(state: State): readonly string[] {
  const all = new Set([...state.variables.keys(), ...state.overrideNames.keys()]);
  return [...all].filter((name) => !name.startsWith('__') && isKnown(state, name));
}

/** Lists the names that are exported, in code-unit order. */
export function exportedNames(state: State): readonly string[] {
  return [...state.exportNames.keys()]
    .filter((name) => isOn(state, name, 'export') && !isOn(state, name, 'unexport'))
    .sort(byCodeUnit);
}

function isOn(state: State, name: string, flag: string): boolean {
  const value = (expandedFlag(state, name, flag).value ?? '').toLowerCase();
  return value === '1' || value === 'y' || value === 'yes' || value === 'true';
}
