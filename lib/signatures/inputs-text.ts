/** Inputs as text, one a line, as builds.git keeps them: made to be read by people and compared by `git diff`. */
import type { Input, InputKind } from '../terms/inputs.ts';
import { sortInputs } from './compute-signature.ts';

/** Writes `kind name = "value"` lines, `at` last and apart, in the order in which they are hashed. */
export function formatInputs(inputs: readonly Input[]): string {
  return sortInputs(inputs)
    .map((input) => {
      const at = input.at === undefined ? '' : ` # ${input.at}`;
      return `${input.kind} ${JSON.stringify(input.name)} = ${JSON.stringify(input.value)}${at}\n`;
    })
    .join('');
}

/** Reads what {@link formatInputs} wrote; lines of another form are passed over. */
export function parseInputs(text: string): readonly Input[] {
  const line = /^([a-z]+) ("(?:[^"\\]|\\.)*") = ("(?:[^"\\]|\\.)*")(?: # (.*))?$/;
  return text.split('\n').flatMap((row) => {
    const [, kind, name, value, at] = line.exec(row) ?? [];
    if (kind === undefined || name === undefined || value === undefined) return [];
    return [
      {
        kind: kind as InputKind,
        name: JSON.parse(name) as string,
        value: JSON.parse(value) as string,
        ...(at === undefined ? {} : { at }),
      },
    ];
  });
}
