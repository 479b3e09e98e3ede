// usage: node bench/bisect.mjs [CASES=100]
// How often a search runs the command, and how many builds it needs, on histories with a planted defect: over 64 builds, over 200
// commits of a layer, and over 50 changed inputs, CASES times, with one to three causes that only together make the difference.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, time, varve } from './measure.mjs';

const cases = Number(process.argv[2] ?? 100);
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

/** A layer with one recipe that writes what it is told, and a build directory. */
function workspace(name) {
  const [layer, build] = [join(place, name, 'layer'), join(place, name, 'build')];
  for (const dir of [layer, build]) mkdirSync(join(dir, 'conf'), { recursive: true });
  writeFileSync(
    join(layer, 'conf/layer.conf'),
    'BBFILES += "${LAYERDIR}/*.bb"\nBBFILE_COLLECTIONS += "bench"\nBBFILE_PATTERN_bench = "^${LAYERDIR}/"\n',
  );
  writeFileSync(
    join(build, 'conf/bblayers.conf'),
    `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layer}"\n`,
  );
  writeFileSync(join(build, 'conf/local.conf'), 'HISTORY_GC_BUILDS = "0"\n');
  const recipe = (variables, compile = ':') =>
    writeFileSync(
      join(layer, 'app.bb'),
      `SUMMARY = "app"
LICENSE = "MIT"
${Object.entries(variables)
  .map(([variable, value]) => `${variable} = "${value}"`)
  .join('\n')}
do_compile() {
	${compile}
}
do_install() {
	install -d \${D}/usr
	printf '%s\\n' ${Object.keys(variables)
    .map((variable) => `${variable}=\${${variable}}`)
    .join(' ')} > \${D}/usr/values
}
`,
    );
  return {
    layer,
    build,
    recipe,
    run: (...words) => spawnSync(varve[0], [varve[1], ...words], { cwd: build }),
  };
}

const searches = [];

/** Runs a search and notes what it cost. */
function search(what, build, ...words) {
  const answer = spawnSync(varve[0], [varve[1], 'bisect', '--json', ...words], {
    cwd: build,
    encoding: 'utf8',
  });
  if (answer.status !== 0) throw new Error(`${what}: ${answer.stderr}`);
  return JSON.parse(answer.stdout);
}

function timed(what, build, ...words) {
  const figure = time([...varve, 'bisect', ...words], build);
  searches.push({ what, figure });
}

function overBuilds() {
  const { layer, build, recipe, run } = workspace('builds');
  const failing = new Set([3, 9, 17, 18, 24, 30, 37, 39, 50, 63]);
  const without = new Set([5, 6, 20, 40, 41]);
  writeFileSync(join(layer, 'other.bb'), 'LICENSE = "MIT"\ndo_install() {\n\t:\n}\n');
  for (let n = 1; n <= 64; n += 1) {
    if (without.has(n)) rmSync(join(layer, 'app.bb'), { force: true });
    else recipe({ ANSWER: n < 38 ? 42 : 41, BUILD: n }, failing.has(n) ? 'false' : ':');
    run('build', '-q', without.has(n) ? 'other' : 'app');
  }
  for (const dir of ['tmp', 'artifacts']) rmSync(join(build, dir), { recursive: true });
  const words = ['app', '--good', '@1', '--bad', '@64', '--', 'grep', '-q', 'ANSWER=42', 'usr/values'];
  timed('64 builds', build, ...words);
  const again = search('again', build, ...words);
  const first = search('anew', build, '--again', ...words);
  console.log(
    `64 builds: build ${first.firstBad.build} in ${first.predicateRuns} runs of the command, ${first.tasksRun} tasks; again: ${again.predicateRuns} runs`,
  );
}

function overCommits() {
  const { layer, build, recipe } = workspace('commits');
  const git = (...words) =>
    spawnSync('git', ['-C', layer, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...words]);
  git('init', '-q');
  for (let n = 0; n < 200; n += 1) {
    recipe({ LEVEL: Math.floor((n * 12) / 200) });
    writeFileSync(join(layer, 'notes'), `${n}\n`);
    git('add', '-A');
    git('commit', '-q', '-m', `change ${n}`);
  }
  const words = [
    'app',
    '--over',
    'commits',
    '--good',
    'HEAD~199',
    '--bad',
    'HEAD',
    '--',
    'grep',
    '-q',
    'LEVEL=[0-7]$',
    'usr/values',
  ];
  const found = search('200 commits', build, ...words);
  console.log(
    `200 commits, 12 signatures: ${found.firstBad.subject} in ${found.builds} builds, ${found.predicateRuns} runs`,
  );
  rmSync(join(build, 'tmp'), { recursive: true });
  rmSync(join(build, 'artifacts'), { recursive: true });
  timed('200 commits, judgements known', build, ...words);
}

/** A number from 0 up to `below`, the same in every run. */
function createDraw(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function overInputs() {
  const { build, recipe, run } = workspace('inputs');
  const names = Array.from({ length: 50 }, (_, n) => `V${String(n).padStart(2, '0')}`);
  for (const value of ['good', 'bad']) {
    recipe(Object.fromEntries(names.map((name) => [name, value])));
    run('build', '-q', 'app');
  }
  const between = 'app --over inputs --good @1 --bad @2 -- sh -c'.split(' ');
  const draw = createDraw(6);
  const counts = new Map();
  let exact = 0;
  for (let n = 0; n < cases; n += 1) {
    const causes = new Set();
    while (causes.size < 1 + (n % 3)) causes.add(names[draw(50)]);
    const all = [...causes].map((name) => `grep -q ${name}=bad usr/values`).join(' && ');
    const found = search(`case ${n}`, build, ...between, `! { ${all}; }`);
    const told = found.inputs.map(({ name }) => name).join(' ');
    if (told === [...causes].toSorted().join(' ')) exact += 1;
    const k = causes.size;
    counts.set(k, [...(counts.get(k) ?? []), found.mixtures]);
  }
  console.log(`${cases} cases of 50 changed inputs: the exact causes in ${exact}`);
  for (const [k, mixtures] of [...counts].toSorted(([a], [b]) => a - b)) {
    const bound = 2 * k * Math.log2(50) + k + 2;
    console.log(
      `  ${k} causes: ${median(mixtures)} mixtures in the median, at most ${Math.max(...mixtures)} (bound of the median ${bound.toFixed(1)})`,
    );
  }
  timed(
    '50 inputs, 2 causes',
    build,
    ...between,
    '! { grep -q V11=bad usr/values && grep -q V33=bad usr/values && : timed; }',
  );
}

overBuilds();
overCommits();
overInputs();
for (const { what, figure } of searches)
  console.log(`${what.padEnd(32)} ${figure.wall.toFixed(2)} s, ${figure.cpu.toFixed(2)} s of CPU`);
