import type { BuildContext } from '../build-context.ts';
import type { Site } from './site.ts';

/** Tells what is to be known of a recipe's WORKDIR, whatever task it may be about. */
export function tellWarnings({ emit }: BuildContext, { recipe }: Site, texts: readonly string[]): void {
  for (const text of texts)
    emit({ event: 'message', level: 'warning', about: recipe.name, text: `${recipe.name}: ${text}` });
}
