/** The signature and the step key of a task: one list of inputs, hashed here and shown elsewhere. */
import { createHash } from 'node:crypto';
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
  const sha256 = createHash('sha256');
  const field = (text: string): void => {
    sha256.update(`${Buffer.byteLength(text)}:`);
    sha256.update(text);
  };
  for (const input of sortInputs(inputs)) {
    field(input.kind);
    field(input.name);
    field(input.value);
  }
  for (const text of further) field(text);
  return sha256.digest('hex');
}
