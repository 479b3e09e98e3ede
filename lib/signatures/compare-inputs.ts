import type { Input, InputKind } from '../terms/inputs.ts';

/** One input that differs between two lists; undefined where a side lacks it. */
export interface InputChange {
  readonly kind: InputKind;
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Where the later value was set, else the earlier. */
  readonly at?: string;
}

/** Lists the inputs that differ, in the order in which they are hashed. */
export function compareInputs(before: readonly Input[], after: readonly Input[]): readonly InputChange[] {
  const key = (input: Input): string => `${input.kind}\0${input.name}`;
  const old = new Map(before.map((input) => [key(input), input]));
  const now = new Map(after.map((input) => [key(input), input]));
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    const either = to ?? from;
    if (either === undefined || from?.value === to?.value) return [];
    const at = to?.at ?? from?.at;
    return [
      {
        kind: either.kind,
        name: either.name,
        from: from?.value,
        to: to?.value,
        ...(at === undefined ? {} : { at }),
      },
    ];
  });
}
