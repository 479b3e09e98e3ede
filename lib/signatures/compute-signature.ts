/** The signature and the step key of a task: one list of inputs, hashed here and shown elsewhere. */
import { hash } from 'node:crypto';
import { byCodeUnit, type Signature, type StepKey, type TreeId } from '../terms/ids.ts';
import type { Input, InputKind } from '../terms/inputs.ts';

/** Sorts inputs by kind, name and value: the order in which they are hashed, stored and shown. */
export function sortInputs(inputs: readonly Input[]): readonly Input[] {
  return inputs.toSorted(
    (a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name) || byCodeUnit(a.value, b.value),
  );
}

/**
 * Computes the signature of a task from all its inputs, those of one kind in `further` if they are written already; linear
 * in their length.
 *
 * Each field is length-prefixed, since a plain join makes A="bc", D="" equal to A="b", cD="".
 */
export function computeSignature(inputs: readonly Input[], further?: WrittenInputs): Signature {
  return digest(written(inputs, further)) as Signature;
}

/** All inputs of one kind that a task has, sorted, as they are hashed: what tasks share is written once. */
export interface WrittenInputs {
  readonly kind: InputKind;
  readonly text: string;
}

/** Writes one input as it is hashed. */
export function writeInput({ kind, name, value }: Input): string {
  return field(kind) + (kind === 'file' ? fileField(name) : field(name)) + field(value);
}

/**
 * Computes the key under which the task would do the same work again: its inputs without the signatures of the
 * tasks before it, and the tree that it starts from instead.
 */
export function computeStepKey(inputs: readonly Input[], before: TreeId | undefined): StepKey {
  const own = inputs.filter((input) => input.kind !== 'after');
  return digest(textOf(sortInputs(own)) + field('tree') + field(before ?? 'none')) as StepKey;
}

function written(inputs: readonly Input[], further: WrittenInputs | undefined): string {
  const sorted = sortInputs(inputs);
  if (further === undefined) return textOf(sorted);
  const later = sorted.findIndex(({ kind }) => kind > further.kind);
  const place = later === -1 ? sorted.length : later;
  return textOf(sorted.slice(0, place)) + further.text + textOf(sorted.slice(place));
}

function textOf(sorted: readonly Input[]): string {
  let text = '';
  for (const input of sorted) text += writeInput(input);
  return text;
}

const field = (text: string): string => `${Buffer.byteLength(text)}:${text}`;

/** Lone surrogates, which stand for bytes in names, would all be hashed alike. No other field begins with a quote. */
const fileField = (name: string): string =>
  /\p{Surrogate}/u.test(name) ? JSON.stringify(name) : field(name);

const digest = (text: string): string => hash('sha256', text, 'hex');
