// usage: node bench/engine.mjs [RECIPES=100] [ROUNDS=3] [--no-build]
// What the engine costs: `-n` where nothing is built, a full build of trivial tasks, and a build that has nothing to do,
// the first after it and a later one; `make` on the same graph and `node` beside it. Medians of wall and CPU seconds (user
// and system, of all processes to their end) and the size of the largest process. With --no-build only what needs no build.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, generateWorkspace, time, varve } from './measure.mjs';
import { writeMakefile } from './write-makefile.mjs';

const words = process.argv.slice(2);
const [recipes = 100, rounds = 3] = words.filter((word) => !word.startsWith('--')).map(Number);
const builds = !words.includes('--no-build');
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const make = ['make', '-s', '-j2'];

const table = createTable();
let tasks = 0;
for (let round = 0; round < rounds; round += 1) {
  const layer = join(place, `layer${round}`);
  const build = generateWorkspace(layer, recipes);
  mkdirSync(join(layer, 'stamps'));
  ({ tasks } = writeMakefile(layer, layer));
  table.note('varve -n, nothing built', time([...varve, 'build', '-n', 'everything'], build));
  table.note('make, full build', time(make, layer));
  if (builds) {
    rmSync(join(build, 'tmp'), { recursive: true, force: true });
    table.note('varve, full build', time([...varve, 'build', 'everything'], build));
    for (const when of ['the first null build', 'a later null build', 'a later null build'])
      table.note(`varve, ${when}`, time([...varve, 'build', 'everything'], build));
  }
  for (let again = 0; again < 2; again += 1) table.note('make, null build', time(make, layer));
  table.note('node -e 0', time([process.execPath, '-e', '0'], layer));
  rmSync(layer, { recursive: true, force: true });
}
console.log(`${recipes + 1} recipes, ${tasks} tasks, ${rounds} rounds; medians`);
table.print((what, cpu) =>
  what.includes('full') ? `  ${((cpu * 1000) / tasks).toFixed(2)} ms CPU a task` : '',
);
rmSync(place, { recursive: true, force: true });
