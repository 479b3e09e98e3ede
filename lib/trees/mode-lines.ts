/** Says in a patch's header that a file is new or gone, or has another mode; undefined: it is not there. */
export function modeLines(from: number | undefined, to: number | undefined): readonly string[] {
  if (from === undefined) return to === undefined ? [] : [`new file mode ${gitMode(to)}`];
  if (to === undefined) return [`deleted file mode ${gitMode(from)}`];
  return from === to ? [] : [`old mode ${gitMode(from)}`, `new mode ${gitMode(to)}`];
}

/** As git writes a mode, except that no permission bit is left out. */
function gitMode(mode: number): string {
  return (mode & 0o170000) === 0o120000 ? '120000' : mode.toString(8).padStart(6, '0');
}
