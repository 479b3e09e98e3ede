/** What a task's log says last where varve itself failed in it: the error and what to do. */
export function complaint(message: string, hints: readonly string[]): string {
  return `${[`ERROR: ${message}`, ...hints].join('\n')}\n`;
}
