/** Writes rows in columns, two blanks between them and none at the ends of lines; a column without content is left out. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) => {
      const cells = row.flatMap((cell, i) => (widths[i] === 0 ? [] : [cell.padEnd(widths[i] ?? 0)]));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
