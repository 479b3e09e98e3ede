/** A longer line is shown without its middle. */
const LONGEST = 400;

/** Shows a line of a program's output so that a terminal is not commanded by it: a control character as a dot. */
export function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const text = line
    .replaceAll(/\u001b\[[0-9;]*m/g, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '·');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)} … ${text.slice(-LONGEST / 2)}`;
}
