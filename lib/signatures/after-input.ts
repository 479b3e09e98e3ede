import { splitTaskId, type Signature, type TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';

/** Writes the input that a task of the same recipe is; `made` where the one that depends on it is made of its artifact. */
export function afterInput(
  id: TaskId,
  signature: Signature | undefined,
  made: { readonly identity: string | undefined } | undefined,
): Input {
  const content = made === undefined ? '' : ` ${made.identity ?? unknown}`;
  return { kind: 'after', name: splitTaskId(id).task, value: `${signature ?? unknown}${content}` };
}

/** Reads the signature from the value of such an input. */
export const signatureIn = (value: string): Signature => (value.split(' ')[0] ?? '') as Signature;

const unknown = 'unknown';
