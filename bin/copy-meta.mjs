// Copies the recipes' side (lib/meta: BitBake text, not TypeScript) beside the compiled code.
import { cpSync } from 'node:fs';

cpSync('lib/meta', 'dist/lib/meta', { recursive: true });
