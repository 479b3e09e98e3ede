// usage: node bench/ask.mjs [ROUNDS=5] [DIR]
// What questions cost: of two trees of 80,000 files, a hundred of which differ, with `git diff` and the comparison alone
// beside them; and of a thousand builds, each of which changed one of ten libraries. What is asked is built first, which
// takes minutes; in DIR it stays for the next time.
import * as fs from 'node:fs';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { createTable, time, varve } from './measure.mjs';

const [DIRECTORIES, BUILDS, LIBRARIES] = [5000, 1000, 10];
const rounds = Number(process.argv[2] ?? 5);
const place = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'varve-bench-'));
const here = dirname(fileURLToPath(import.meta.url));

/** What is asked of varve within this process; its own metadata is found beside it. */
async function library() {
  const entry = [
    ["export { build } from '", 'operations/build.ts'],
    ["export { createWorld } from '", 'world/world.ts'],
    ["export { openHistory } from '", 'history/history.ts'],
    ["export { compareTrees } from '", 'trees/compare-trees.ts'],
  ].map(([words, path]) => `${words}${join(here, '../lib', path)}';`);
  mkdirSync(join(place, 'program'), { recursive: true });
  writeFileSync(join(place, 'program/asked.mjs'), entry.join('\n'));
  const bundle = await rolldown({ input: join(place, 'program/asked.mjs'), platform: 'node' });
  await bundle.write({ file: join(place, 'program/bundle/asked.mjs'), codeSplitting: false });
  rmSync(join(place, 'program/meta'), { force: true });
  symlinkSync(join(here, '../lib/meta'), join(place, 'program/meta'));
  return import(join(place, 'program/bundle/asked.mjs'));
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A layer with these recipes, and a build directory. */
function workspace(name, recipes) {
  const [layer, build] = [join(place, name, 'layer'), join(place, name, 'build')];
  write(
    join(layer, 'conf/layer.conf'),
    'BBFILES += "${LAYERDIR}/*.bb"\nBBFILE_COLLECTIONS += "bench"\nBBFILE_PATTERN_bench = "^${LAYERDIR}/"\n',
  );
  for (const [file, text] of Object.entries(recipes)) write(join(layer, file), text);
  write(join(build, 'conf/bblayers.conf'), `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layer}"\n`);
  write(join(build, 'conf/local.conf'), 'HISTORY_GC_BUILDS = "0"\n');
  return { layer, build };
}

const largeRecipe = `SUMMARY = "large"
LICENSE = "MIT"
S = "\${UNPACKDIR}"
do_configure() {
	awk 'BEGIN { for (d = 0; d < ${DIRECTORIES}; d++) {
		dir = "d" int(d / 50) "/e" d % 50
		system("mkdir -p " dir)
		for (f = 0; f < 16; f++) { file = dir "/f" f ".c"; print "line " d "\\nfile " f "\\nlast" > file; close(file) } } }'
}
do_compile() {
	ls -d d*/e7 | head -n 99 | while read dir; do sed -i 's/^file/FILE/' $dir/f3.c; done
	mv d0/e0/f0.c d0/e0/moved.c
}
`;

function largeTrees() {
  const made = join(place, 'trees/build');
  if (existsSync(join(made, 'history'))) return made;
  const { build } = workspace('trees', { 'large.bb': largeRecipe });
  time([...varve, 'build', '-q', '-c', 'compile', 'large'], build);
  return build;
}

const libraryRecipe = (version) => `SUMMARY = "library"
LICENSE = "MIT"
S = "\${UNPACKDIR}"
do_compile() {
	echo "version ${version} of \${PN}" > \${PN}.txt
}
do_install() {
	install -D -m 0644 \${PN}.txt \${D}/usr/share/\${PN}.txt
}
`;
const names = Array.from({ length: LIBRARIES }, (_, i) => `lib${i}`);
const appRecipe = `SUMMARY = "app"
LICENSE = "MIT"
DEPENDS = "${names.join(' ')}"
S = "\${UNPACKDIR}"
do_compile() {
	cat \${RECIPE_SYSROOT}/usr/share/*.txt > all.txt
}
do_install() {
	install -D -m 0644 all.txt \${D}/usr/share/app.txt
}
`;

/** Real builds, one after the other within this process, which spares the start of a thousand programs. */
async function manyBuilds({ build: buildTargets, createWorld }) {
  const made = join(place, 'builds/build');
  if (existsSync(join(place, 'builds/done'))) return made;
  const recipes = Object.fromEntries(names.map((name) => [`${name}.bb`, libraryRecipe(1)]));
  const { layer, build } = workspace('builds', { ...recipes, 'app.bb': appRecipe });
  const world = createWorld();
  const no = { keepGoing: false, dryRun: false, force: false, offline: false, wait: false, verbose: false };
  const request = { buildDir: build, targets: ['app'], cache: true, ...no };
  for (let n = 1; n <= BUILDS; n += 1) {
    write(join(layer, `${names[n % LIBRARIES]}.bb`), libraryRecipe(n));
    const { ok } = await buildTargets(world, request, () => {});
    if (!ok) throw new Error(`build ${n} failed`);
  }
  // It runs by itself after every tenth build, and keeps all of a month.
  time([...varve, 'gc'], build);
  write(join(place, 'builds/done'), '');
  return build;
}

/** The comparison that `diff` makes, alone: what git does as a whole command. */
function compareHere({ openHistory, compareTrees }, gitDir) {
  const history = openHistory({ fs, gitDir, workdir: join(place, 'none'), now: Date.now });
  const { objects, refs } = history;
  const treeOf = (task) => objects.readCommit(refs.read(`refs/tags/${task}`)).tree;
  const start = performance.now();
  const before = process.cpuUsage();
  const changes = compareTrees(objects, { from: treeOf('do_configure'), to: treeOf('do_compile') });
  const { user, system } = process.cpuUsage(before);
  if (changes.length !== 101) throw new Error(`${changes.length} changes instead of 101`);
  const wall = (performance.now() - start) / 1000;
  return { wall, cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() / 1024 };
}

function ask(table, questions, cwd) {
  for (const question of questions) {
    const words = question.map((word) => (word.includes('/') ? word.split('/').at(-1) : word)).join(' ');
    table.note(words.replace('node varve.js', 'varve').slice(0, 60), time(question, cwd));
  }
}

const asked = await library();
const trees = largeTrees();
const builds = await manyBuilds(asked);
const [arch] = readdirSync(join(trees, 'history')).filter((name) => !name.endsWith('.git'));
const gitDir = join(trees, 'history', arch, 'large.git');

const ofTrees = [
  [...varve, 'diff', 'large:configure', 'large:compile', '--name-status'],
  [...varve, 'diff', 'large:configure', 'large:compile'],
  [...varve, 'log', 'large'],
  [...varve, 'show', 'large:compile'],
  [...varve, 'why', 'large:compile'],
  ['git', '--git-dir', gitDir, 'diff', '--name-status', 'do_configure', 'do_compile'],
  [process.execPath, '-e', '0'],
];
const ofBuilds = [
  ['diff', 'app'],
  ['diff', `@${BUILDS / 2}`, `@${BUILDS}`],
  ['log', 'app'],
  ['log', 'app', '--across'],
  ['log', 'app:compile', '--across'],
  ['log', 'app', '--across', '--', 'usr/share/app.txt'],
  ['log', 'app', '-S', 'version'],
  ['log', 'app', '--', 'usr/share/app.txt'],
  ['show', `app@${BUILDS / 2}`],
  ['show', 'app@2:compile'],
  ['show', `@${BUILDS / 2}`],
  ['why'],
  ['why', 'app:compile'],
  ['why', 'app@1', `app@${BUILDS}`],
  ['blame', 'app', 'usr/share/app.txt'],
  ['builds'],
].map((words) => [...varve, ...words]);
// Who asks has built with this program before, which keeps what it found out of recipes.
time([...varve, 'build', '-q', 'app'], builds);
const [treeTable, buildTable] = [createTable(), createTable()];
for (let round = 0; round < rounds; round += 1) {
  ask(treeTable, ofTrees, trees);
  treeTable.note('the comparison, in process', compareHere(asked, gitDir));
  ask(buildTable, ofBuilds, builds);
}
console.log(`two trees of ${DIRECTORIES * 16} files, 100 changed; ${rounds} rounds, medians`);
treeTable.print();
console.log(`${BUILDS} builds of ${LIBRARIES + 1} recipes`);
buildTable.print();
if (process.argv[3] === undefined) rmSync(place, { recursive: true, force: true });
