/** Cuts a text into lines without their end; white space at the end of a line says nothing in metadata. */
export function linesOf(text: string): readonly string[] {
  const unix = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  const lines = unix.split('\n').map((line) => line.trimEnd());
  // What follows the last newline is a line only if there is something.
  if (unix === '' || unix.endsWith('\n')) lines.pop();
  return lines;
}
