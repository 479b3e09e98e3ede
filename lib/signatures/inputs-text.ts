/** Inputs as text, one a line, as builds.git keeps them: made to be read by people and compared by `git diff`. */
import { byKey } from '../terms/by-key.ts';
import type { Input, InputKind, InputPart } from '../terms/inputs.ts';
import { sortInputs } from './compute-signature.ts';

/**
 * Writes `kind name = "value"` lines in the order in which they are hashed. Where the value comes from stands last and
 * apart: `# file:line`, or of several statements `# file:line~mark file:line~mark`; quoted where that is odd.
 */
export function formatInputs(inputs: readonly Input[]): string {
  return sortInputs(inputs)
    .map(
      (input) =>
        `${input.kind} ${JSON.stringify(input.name)} = ${JSON.stringify(input.value)}${origin(input)}\n`,
    )
    .join('');
}

function origin({ at, parts }: Input): string {
  const text = parts?.map((part) => `${part.at}~${part.mark}`).join(' ') ?? at;
  if (text === undefined) return '';
  return ` # ${ODD.test(text) ? JSON.stringify(text) : text}`;
}

/** What would end the line, or is no text: see `ownPath`. */
const ODD = /\n|\p{Surrogate}/u;

/** Reads what {@link formatInputs} wrote, or only inputs of one kind; lines of another form are passed over. */
export function parseInputs(text: string, only?: InputKind): readonly Input[] {
  const rows = text.split('\n').filter((row) => only === undefined || row.startsWith(`${only} `));
  return rows.flatMap((row) => parseRow(row) ?? []);
}

/** Makes the function that reads many such texts: most lines of one are in others too, and read once. */
export function inputsReader(): (text: string) => readonly Input[] {
  const read = byKey(parseRow, (row) => row);
  return (text) => text.split('\n').flatMap((row) => read(row) ?? []);
}

const ROW = /^([a-z]+) ("(?:[^"\\]|\\.)*") = ("(?:[^"\\]|\\.)*")(?: # (.*))?$/s;

function parseRow(row: string): Input | undefined {
  const [, kind, name, value, from] = ROW.exec(row) ?? [];
  if (kind === undefined || name === undefined || value === undefined) return undefined;
  return {
    kind: kind as InputKind,
    name: unquoted(name),
    value: unquoted(value),
    ...(from === undefined ? {} : parseOrigin(from.startsWith('"') ? unquoted(from) : from)),
  };
}

/** Most names and values are without anything to unescape. */
function unquoted(text: string): string {
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

function parseOrigin(text: string): Pick<Input, 'at' | 'parts'> {
  if (!text.includes('~')) return { at: text };
  const parts = [...text.matchAll(/(\S.*?)~([0-9a-f]{8})(?: |$)/gs)].map(
    ([, at = '', mark = '']): InputPart => ({ at, mark }),
  );
  const last = parts.at(-1);
  return last === undefined ? { at: text } : { at: last.at, parts };
}
