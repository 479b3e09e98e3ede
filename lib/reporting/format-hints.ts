import type { Paint } from './paint.ts';

/** Writes what to do next, `hint:` in front; further lines of one stand below its first. */
export function formatHints(hints: readonly string[], paint: Paint): string {
  return hints.map((hint) => `${paint.cyan('hint:')} ${hint.replaceAll('\n', '\n      ')}\n`).join('');
}
