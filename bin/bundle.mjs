// Makes dist/: the program with the packages it uses as a few files, since Node needs longer to find two hundred than
// most commands to run; those packages' licences; the recipes' side (lib/meta: BitBake text and Python, not TypeScript);
// and a checksum of it all, which tells one program from another of the same version.
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

rmSync('dist', { recursive: true, force: true });
const bundle = await rolldown({ input: 'bin/varve.ts', platform: 'node' });
const { output } = await bundle.write({
  dir: 'dist/bin',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
});

const packageDir = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
const packages = new Set(
  output.flatMap(({ moduleIds }) => moduleIds).flatMap((id) => id.match(packageDir) ?? []),
);
const licences = [...packages].sort().map((dir) => {
  const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  const file = readdirSync(dir).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${dir} has no licence, so dist/ must not hold it`);
  return `${name} ${version}\n\n${readFileSync(join(dir, file), 'utf8').trim()}\n`;
});
writeFileSync('dist/licences.txt', licences.join(`\n${'-'.repeat(80)}\n\n`));

cpSync('lib/meta', 'dist/meta', { recursive: true });

const sha256 = createHash('sha256');
const names = readdirSync('dist', { recursive: true, encoding: 'utf8' }).sort();
for (const path of names.map((name) => join('dist', name)))
  if (statSync(path).isFile()) sha256.update(`${path}\0`).update(readFileSync(path));
writeFileSync('dist/program-id', `${sha256.digest('hex')}\n`);
