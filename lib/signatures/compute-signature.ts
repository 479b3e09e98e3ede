/** The signature and the step key of a task: one list of inputs, hashed here and shown elsewhere. */
import { hash } from 'node:crypto';
import { byCodeUnit, type Signature, type StepKey, type TreeId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';

/** Sorts inputs by kind, name and value: the order in which they are hashed, stored and shown. */
export function sortInputs(inputs: readonly Input[]): readonly Input[] {
  return inputs.toSorted(
    (a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name) || byCodeUnit(a.value, b.value),
  );
}

/**
 * Computes the signature of a task from all its inputs; linear in their length.
 *
 * Each field is length-prefixed, since a plain join makes A="bc", D="" equal to A="b", cD="".
 */
export function computeSignature(inputs: readonly Input[]): Signature {
  return digest(inputs, []) as Signature;
}

/**
 * Computes the key under which the task would do the same work again: its inputs without the signatures of the
 * tasks before it, and the tree that it starts from instead.
 */
export function computeStepKey(inputs: readonly Input[], before: TreeId | undefined): StepKey {
  const own = inputs.filter((input) => input.kind !== 'after');
  return digest(own, ['tree', before ?? 'none']) as StepKey;
}

function digest(inputs: readonly Input[], further: readonly string[]): string {
  const field = (text: string): string => `${Buffer.byteLength(text)}:${text}`;
  const fields = sortInputs(inputs).map(({ kind, name, value }) => field(kind) + field(name) + field(value));
  return hash('sha256', [...fields, ...further.map(field)].join(''), 'hex');
}
