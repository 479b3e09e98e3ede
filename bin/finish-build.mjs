// Completes what the compiler has made: the recipes' side (lib/meta: BitBake text, not TypeScript) goes beside the code,
// and a checksum of it all tells one program from another of the same version.
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

cpSync('lib/meta', 'dist/lib/meta', { recursive: true });

const sha256 = createHash('sha256');
const names = readdirSync('dist/lib', { recursive: true, encoding: 'utf8' }).sort();
for (const path of names.map((name) => join('dist/lib', name)))
  if (statSync(path).isFile()) sha256.update(`${path}\0`).update(readFileSync(path));
writeFileSync('dist/program-id', `${sha256.digest('hex')}\n`);
