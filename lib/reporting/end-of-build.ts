import type { Paint } from './paint.ts';

export type EndOfBuild = 'ok' | 'interrupted' | 'failed';

/** How a build ended, in a word. */
export function endOfBuild(build: { readonly ok: boolean; readonly interrupted?: boolean }): EndOfBuild {
  if (build.interrupted === true) return 'interrupted';
  return build.ok ? 'ok' : 'failed';
}

export function paintEnd(end: EndOfBuild, paint: Paint): string {
  return { ok: paint.green, interrupted: paint.yellow, failed: paint.red }[end](end);
}
