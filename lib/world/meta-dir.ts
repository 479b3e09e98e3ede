import { fileURLToPath } from 'node:url';

/** Where the recipes' side of varve lies: beside the sources, and beside the compiled program. */
export const metaDir = fileURLToPath(new URL('../meta', import.meta.url));
