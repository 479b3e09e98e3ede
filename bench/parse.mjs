// usage: node bench/parse.mjs [RECIPES=1000] [ROUNDS=5]
// What it costs to read all metadata: without a cache, with one, after a touch of every file, and after one real edit in
// the include that all others end in. With BITBAKE=DIR, a checkout of BitBake, the same of that beside it.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, generateWorkspace, time, varve } from './measure.mjs';

const recipes = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 5);
const bitbake = process.env['BITBAKE'];
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const layer = join(place, 'layer');
const build = generateWorkspace(layer, recipes);
const peers = [
  { name: 'varve recipes', command: [...varve, 'recipes'] },
  ...(bitbake === undefined ? [] : [{ name: 'bitbake -p', command: [join(bitbake, 'bin/bitbake'), '-p'] }]),
];

function touchAll() {
  const now = new Date();
  for (const entry of readdirSync(layer, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && /\.(?:bb|inc|bbclass|conf)$/.test(entry.name))
      utimesSync(join(entry.parentPath, entry.name), now, now);
}

const value = () =>
  execFileSync(varve[0], [...varve.slice(1), 'env', 'everything', 'BENCH_EDIT', '--json'], {
    cwd: build,
    encoding: 'utf8',
  });

const table = createTable();
const run = (when) => {
  for (const { name, command } of peers) table.note(`${name}, ${when}`, time(command, build));
};
for (let round = 0; round < rounds; round += 1) {
  for (const cache of ['tmp', 'cache']) rmSync(join(build, cache), { recursive: true, force: true });
  run('cold');
  // BitBake's cache of the first run is not valid for the second.
  for (const { command } of peers) time(command, build);
  run('warm');
  touchAll();
  run('all files touched');
  run('the time after');
  appendFileSync(join(layer, 'conf/bitbake.conf'), `BENCH_EDIT = "edit ${round}"\n`);
  run('one edit in what all read');
  if (!value().includes(`edit ${round}`)) throw new Error('the edit was not seen');
  table.note('node -e 0', time([process.execPath, '-e', '0'], build));
}
console.log(`${recipes + 1} recipes, ${rounds} rounds; medians; CPU of all processes to their end`);
table.print();
rmSync(place, { recursive: true, force: true });
