/** Finds the runs of lines that are not known yet. */
export function unknownRuns(
  known: readonly unknown[],
): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  known.forEach((each, i) => {
    const last = found.at(-1);
    if (each !== undefined) return;
    if (last?.end === i) last.end = i + 1;
    else found.push({ start: i, end: i + 1 });
  });
  return found;
}
