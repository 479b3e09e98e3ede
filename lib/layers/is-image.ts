import { basename } from 'node:path';
import type { LoadedRecipe } from './load-metadata.ts';

/** Whether what a recipe installs is what others installed. */
export function isImage({ data }: LoadedRecipe): boolean {
  return data.book.inherited.some((path) => basename(path) === 'image.bbclass');
}
