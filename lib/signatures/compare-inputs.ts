import { byCodeUnit } from '../terms/ids.ts';
import type { Input, InputKind, InputPart } from '../terms/inputs.ts';
import { sortInputs } from './compute-signature.ts';

/** One input that differs between two lists; undefined where a side lacks it. */
export interface InputChange {
  readonly kind: InputKind;
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Where the statement stands that is new or has another text; else where the later value was set. */
  readonly at?: string;
  /** Where a statement stood that is there no more. */
  readonly was?: string;
}

/** Lists the inputs that differ, in the order in which they are hashed. */
export function compareInputs(before: readonly Input[], after: readonly Input[]): readonly InputChange[] {
  const [old, now] = [sortInputs(before), sortInputs(after)];
  const changes: InputChange[] = [];
  let [i, j] = [0, 0];
  // Most of a hundred are the same in both: they are walked past.
  while (i < old.length || j < now.length) {
    const order = compareNames(old[i], now[j]);
    const from = order <= 0 ? old[i++] : undefined;
    const to = order >= 0 ? now[j++] : undefined;
    const either = to ?? from;
    if (either === undefined || from?.value === to?.value) continue;
    const { kind, name } = either;
    changes.push({ kind, name, from: from?.value, to: to?.value, ...whereChanged(from, to) });
  }
  return changes;
}

/** Which of two comes first; what is not there comes last. */
function compareNames(one: Input | undefined, other: Input | undefined): number {
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return byCodeUnit(one.kind, other.kind) || byCodeUnit(one.name, other.name);
}

function whereChanged(from: Input | undefined, to: Input | undefined): Pick<InputChange, 'at' | 'was'> {
  const [old, now] = [partsOf(from), partsOf(to)];
  const fresh = now.findLast((part) => !old.some((other) => isSame(part, other)));
  const gone = old.findLast((part) => !now.some((other) => isSame(part, other)));
  const at = fresh?.at ?? to?.at ?? from?.at;
  const was = fresh === undefined && to !== undefined ? gone?.at : undefined;
  return { ...(at === undefined ? {} : { at }), ...(was === undefined ? {} : { was }) };
}

type Part = Pick<InputPart, 'at'> & Partial<InputPart>;

function partsOf(input: Input | undefined): readonly Part[] {
  return input?.parts ?? (input?.at === undefined ? [] : [{ at: input.at }]);
}

/** Statements of one file are told apart by their texts, since lines move; where these are not known, by their lines. */
function isSame(one: Part, other: Part): boolean {
  if (one.mark === undefined || other.mark === undefined) return one.at === other.at;
  return one.mark === other.mark && fileOf(one.at) === fileOf(other.at);
}

const fileOf = (at: string): string => at.replace(/:\d+$/, '');
