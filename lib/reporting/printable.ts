/** A longer line is shown without its middle. */
const LONGEST = 400;

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const COLOUR_OR_CONTROL = /\u001b\[[0-9;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Shows a line of a program's output so that a terminal is not commanded by it: a control character as a dot, no colours. */
export function printable(line: string): string {
  const text = line.replaceAll(COLOUR_OR_CONTROL, (found) => (found.length > 1 ? '' : '·'));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)} … ${text.slice(-LONGEST / 2)}`;
}

/**
 * A text that is made for people, but for what names, messages and contents may have in them to command a terminal: a
 * control character as a dot. Colours stay.
 */
export function harmless(text: string): string {
  return text.replaceAll(COLOUR_OR_CONTROL, (found) => (found.length > 1 ? found : '·'));
}
