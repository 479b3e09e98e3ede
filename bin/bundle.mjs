// Makes dist/: the program with the packages it uses as a few files, since Node needs longer to find two hundred than
// most commands to run; those packages' licences; the recipes' side (lib/meta: BitBake text and Python, not TypeScript);
// a checksum of it all, which tells one program from another of the same version; and what V8 makes of the files.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

rmSync('dist', { recursive: true, force: true });
// What one command loads when it is asked for, another has from the start.
const checks = { ineffectiveDynamicImport: false, emptyImportMeta: false };
const bundle = await rolldown({
  input: 'bin/program.ts',
  platform: 'node',
  checks,
  transform: { define: { 'import.meta.url': 'moduleUrl' } },
  plugins: [lazily('string-width')],
});
const naming = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' };
const start = startModules((await bundle.generate(naming)).output);
const { output } = await bundle.write({
  ...naming,
  dir: 'dist/bin',
  codeSplitting: { groups: [{ name: 'start', test: (id) => start.has(id) }] },
});

// V8 holds ASCII as it is read, and any other text in up to twice the memory.
for (const { fileName } of output) {
  const path = join('dist/bin', fileName);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replaceAll(/[^\0-\x7f]/g, escaped));
}

async function writeEntry(name, output) {
  const entry = await rolldown({ input: `bin/${name}.ts`, platform: 'node' });
  await entry.write({ dir: 'dist/bin', ...output });
}

/** A package whose only export is a function is loaded when that is called first. */
function lazily(name) {
  const mark = '?when-called';
  return {
    name: `${name}, when it is called`,
    async resolveId(id, importer, options) {
      if (id !== name || importer.endsWith(mark)) return null;
      const found = await this.resolve(id, importer, { ...options, skipSelf: true });
      return `${found.id}${mark}`;
    },
    load(id) {
      if (!id.endsWith(mark)) return null;
      return `export default (...given) => require(${JSON.stringify(id.slice(0, -mark.length))}).default(...given);`;
    },
  };
}

/** As code unit by code unit, so that it is the same in texts and in patterns. */
function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What a build needs that finds nothing to do: one file, since to find each of thirty takes Node half a millisecond. */
function startModules(chunks) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const entries = ['bin/program.ts', 'lib/operations/build.ts', 'lib/reporting/report-build.ts'].map((path) =>
    chunks.find(({ moduleIds }) => moduleIds.includes(resolve(path))),
  );
  const needed = new Set(entries);
  // A set hands out what is added while it is gone through.
  for (const { imports } of needed)
    for (const name of imports) if (byName.has(name)) needed.add(byName.get(name));
  const modules = new Set([...needed].flatMap(({ moduleIds }) => moduleIds));
  modules.delete(resolve('bin/program.ts'));
  return modules;
}

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

// What loads ECMAScript modules takes Node a tenth of its own start.
await writeEntry('varve', { format: 'cjs', entryFileNames: '[name].js' });
writeFileSync('dist/bin/package.json', '{ "type": "commonjs" }\n');

cpSync('lib/meta', 'dist/meta', { recursive: true });

const sha256 = createHash('sha256');
const names = readdirSync('dist', { recursive: true, encoding: 'utf8' }).sort();
for (const path of names.map((name) => join('dist', name)))
  if (statSync(path).isFile()) sha256.update(`${path}\0`).update(readFileSync(path));
writeFileSync('dist/program-id', `${sha256.digest('hex')}\n`);

await writeEntry('keep-code', { entryFileNames: '[name].mjs' });
execFileSync(process.execPath, ['dist/bin/keep-code.mjs', resolve('dist/bin'), '--version']);
rmSync('dist/bin/keep-code.mjs');
