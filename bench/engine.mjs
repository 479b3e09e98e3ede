// usage: node bench/engine.mjs [RECIPES=100] [ROUNDS=3]
// What the engine costs: a full build of trivial tasks, a null build, and `make` and `node` beside it.
// Prints medians of wall and CPU seconds (user + system of the process tree).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const recipes = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 3);
const here = dirname(fileURLToPath(import.meta.url));
const varve = [process.execPath, resolve(here, '../dist/bin/varve.js')];
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const stages = ['fetch', 'unpack', 'patch', 'configure', 'compile', 'install', 'package', 'build'];

/** Runs a command; seconds of wall and of CPU, its children's included. */
function time(command, cwd) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; exec 3>&2; { time "$@" >&4 2>&4; } 2>&1 4>"$LOG"';
  const log = join(place, 'log');
  const { stdout, status } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, LOG: log },
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${readFileSync(log, 'utf8').slice(-2000)}`);
  const [wall, user, system] = stdout.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}

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

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rows = new Map();
const note = (what, figure) => rows.set(what, [...(rows.get(what) ?? []), figure]);

for (let round = 0; round < rounds; round += 1) {
  const layer = join(place, `layer${round}`);
  const made = spawnSync('python3', [
    join(here, 'generate-workspace.py'),
    '--out',
    layer,
    '--recipes',
    String(recipes),
    '--seed',
    '7',
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  const build = join(layer, 'build');
  writeMakefile(layer, layer);
  note('varve, full build', time([...varve, 'build', 'everything'], build));
  note('make, full build', time(['make', '-s', '-j2'], layer));
  note('varve, null build', time([...varve, 'build', 'everything'], build));
  note('make, null build', time(['make', '-s', '-j2'], layer));
  note('node -e 0', time([process.execPath, '-e', '0'], layer));
}

const tasks = (recipes + 1) * stages.length;
console.log(`${recipes + 1} recipes, ${tasks} tasks, ${rounds} rounds; medians`);
for (const [what, figures] of rows) {
  const cpu = median(figures.map((figure) => figure.cpu));
  const wall = median(figures.map((figure) => figure.wall));
  const each = what.includes('full') ? `  ${((cpu * 1000) / tasks).toFixed(2)} ms CPU a task` : '';
  console.log(
    `${what.padEnd(20)} wall ${wall.toFixed(3).padStart(8)} s  CPU ${cpu.toFixed(3).padStart(8)} s${each}`,
  );
}
rmSync(place, { recursive: true, force: true });
