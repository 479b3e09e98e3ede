// usage: node bench/engine.mjs [RECIPES=100] [ROUNDS=3] [--no-build]
// What the engine costs: `-n` where nothing is built, a full build of trivial tasks, and a build that has nothing to do,
// the first after it and a later one; `make` on the same graph and `node` beside it. Medians of wall and CPU seconds (user
// and system, of all processes to their end) and the size of the largest process. With --no-build only what needs no build.
// What is built is then built after an edit of a recipe that others need, and after that is undone; and asked `why`: of the
// newest build, between two, of a recipe in the middle and of the one that needs all, with nothing changed, once a build
// found nothing to do, with a recipe and with conf/local.conf changed. With BITBAKE=DIR, a checkout of BitBake, that builds the
// same beside it, in a build directory of its own.
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, findRecipe, generateWorkspace, time, varve } from './measure.mjs';
import { writeMakefile } from './write-makefile.mjs';

const words = process.argv.slice(2);
const [recipes = 100, rounds = 3] = words.filter((word) => !word.startsWith('--')).map(Number);
const builds = !words.includes('--no-build');
const bitbake = process.env['BITBAKE'];
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const make = ['make', '-s', '-j2'];

const table = createTable();

/** Does something while a file has a line more. */
function edited(file, line, work) {
  const before = readFileSync(file);
  appendFileSync(file, `${line}\n`);
  work();
  writeFileSync(file, before);
}

const builders = [
  { name: 'varve', build: [...varve, 'build'], dir: 'build' },
  ...(bitbake === undefined
    ? []
    : [{ name: 'bitbake', build: [join(bitbake, 'bin/bitbake')], dir: 'build-bitbake' }]),
];

/** Does with each engine what these words say. */
function measureBuild(layer, when, ...words) {
  for (const { name, build, dir } of builders)
    table.note(`${name}, ${when}`, time([...build, ...words, 'everything'], join(layer, dir)));
}

function measureEdit(layer) {
  edited(findRecipe(layer, 0).file, 'EXTRA_OECONF:append = " --edited"', () =>
    measureBuild(layer, 'one recipe edited'),
  );
  measureBuild(layer, 'the edit undone');
}

function measureWhy(layer, build) {
  const [root, middle] = [0, Math.floor(recipes / 2)].map((index) => findRecipe(layer, index));
  const ask = (when, ...questions) => {
    for (const words of questions)
      table.note(`why ${words.join(' ')}, ${when}`, time([...varve, 'why', ...words], build));
  };
  ask('nothing changed', [], ['@1', '@2'], [middle.name], ['everything']);
  // It finds nothing to do, and that at rest: the edits before were a while ago.
  time([...varve, 'build', 'everything'], build);
  ask('a build found nothing to do', ['everything']);
  const line = 'EXTRA_OECONF:append = " --asked"';
  for (const [when, file] of [
    ['a recipe changed', root.file],
    ['local.conf changed', join(build, 'conf/local.conf')],
  ])
    edited(file, line, () => ask(when, [middle.name], ['everything']));
}

let tasks = 0;
for (let round = 0; round < rounds; round += 1) {
  const layer = join(place, `layer${round}`);
  const build = generateWorkspace(layer, recipes);
  mkdirSync(join(layer, 'stamps'));
  ({ tasks } = writeMakefile(layer, layer));
  cpSync(build, join(layer, 'build-bitbake'), { recursive: true });
  measureBuild(layer, '-n, nothing built', '-n');
  table.note('make, full build', time(make, layer));
  if (builds) {
    for (const { dir } of builders) rmSync(join(layer, dir, 'tmp'), { recursive: true, force: true });
    for (const when of ['full build', 'the first null build', 'a later null build', 'a later null build'])
      measureBuild(layer, when);
  }
  // Before edits touch what all of make's stamps hang on.
  for (let again = 0; again < 2; again += 1) table.note('make, null build', time(make, layer));
  if (builds) {
    measureEdit(layer);
    measureWhy(layer, build);
  }
  table.note('node -e 0', time([process.execPath, '-e', '0'], layer));
  rmSync(layer, { recursive: true, force: true });
}
console.log(`${recipes + 1} recipes, ${tasks} tasks, ${rounds} rounds; medians`);
table.print((what, cpu) =>
  what.includes('full') ? `  ${((cpu * 1000) / tasks).toFixed(2)} ms CPU a task` : '',
);
rmSync(place, { recursive: true, force: true });
