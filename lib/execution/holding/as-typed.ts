import type { World } from '../../ports/world.ts';
import { shellWord } from '../../terms/shell-word.ts';

/** The command that this process is, with all its options, so that it can be typed again. */
export function asTyped({ words }: Pick<World, 'words'>): string {
  return ['varve', ...words.map(shellWord)].join(' ');
}

/** Completes a refusal because of another process. */
export function whenEnded(world: Pick<World, 'words'>): string {
  return `When that has ended: ${asTyped(world)}`;
}
