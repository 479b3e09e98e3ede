// usage: node bench/engine.mjs [RECIPES=100] [ROUNDS=3]
// What the engine costs: a full build of trivial tasks, a null build, and `make` and `node` beside it.
// Prints medians of wall and CPU seconds (user + system of the process tree).
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, generateWorkspace, time, varve } from './measure.mjs';

const recipes = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 3);
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const stages = ['fetch', 'unpack', 'patch', 'configure', 'compile', 'install', 'package', 'build'];

/** The same graph for make: a stamp for each task, do_configure after the do_install of each dependency. */
function writeMakefile(layer, dir) {
  const files = readdirSync(join(layer, 'recipes'), { recursive: true }).filter((file) =>
    file.endsWith('.bb'),
  );
  const rules = files.map((file) => {
    const text = readFileSync(join(layer, 'recipes', file), 'utf8').replaceAll('\\\n', ' ');
    const name = file.split('/').pop().split('_')[0];
    const needs = [...text.matchAll(/^DEPENDS \+?= "([^"]*)"/gm)].flatMap((match) =>
      match[1].split(/\s+/).filter(Boolean),
    );
    return stages
      .map((stage, index) => {
        const before = index === 0 ? [] : [`${name}.${stages[index - 1]}`];
        const across =
          stage === 'configure'
            ? needs.map((need) => `${need}.install`)
            : stage === 'build'
              ? needs.map((need) => `${need}.build`)
              : [];
        return `${name}.${stage}: ${[...before, ...across].join(' ')}\n\t@: ${name}; touch $@\n`;
      })
      .join('');
  });
  writeFileSync(join(dir, 'Makefile'), `all: everything.build\n${rules.join('')}`);
}

const table = createTable();
for (let round = 0; round < rounds; round += 1) {
  const layer = join(place, `layer${round}`);
  const build = generateWorkspace(layer, recipes);
  writeMakefile(layer, layer);
  table.note('varve -n, nothing built', time([...varve, 'build', '-n', 'everything'], build));
  rmSync(join(build, 'tmp'), { recursive: true, force: true });
  table.note('varve, full build', time([...varve, 'build', 'everything'], build));
  table.note('make, full build', time(['make', '-s', '-j2'], layer));
  table.note('varve, null build', time([...varve, 'build', 'everything'], build));
  table.note('make, null build', time(['make', '-s', '-j2'], layer));
  table.note('node -e 0', time([process.execPath, '-e', '0'], layer));
}
const tasks = (recipes + 1) * stages.length;
console.log(`${recipes + 1} recipes, ${tasks} tasks, ${rounds} rounds; medians`);
table.print((what, cpu) =>
  what.includes('full') ? `  ${((cpu * 1000) / tasks).toFixed(2)} ms CPU a task` : '',
);
rmSync(place, { recursive: true, force: true });
