import { join } from 'node:path';

/** Tells what was written, and what to type next. */
export function formatInit(
  made: { readonly files: readonly string[]; readonly layers: readonly string[] },
  { typed }: { readonly typed: string },
): string {
  const files = ['bblayers.conf', 'local.conf'].map((name) => `wrote ${join(typed, 'conf', name)}\n`);
  const next =
    made.layers.length === 0
      ? `next: name layers in ${join(typed, 'conf', 'bblayers.conf')}\n`
      : `next: ${typed === '.' ? '' : `cd ${typed} && `}varve recipes\n`;
  return files.join('') + next;
}
