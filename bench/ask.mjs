// usage: node bench/ask.mjs [DIRECTORIES=5000] [ROUNDS=5]
// What questions cost on large trees: a recipe of two tasks, the first of which writes sixteen files in each directory and
// the second changes a hundred of them. `git diff` of the same trees, and `node`, beside it.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, time, varve } from './measure.mjs';

const directories = Number(process.argv[2] ?? 5000);
const rounds = Number(process.argv[3] ?? 5);
const place = mkdtempSync(join(tmpdir(), 'varve-bench-'));
const [layer, build] = [join(place, 'layer'), join(place, 'build')];

function write(path, text) {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

write(
  join(layer, 'conf/layer.conf'),
  'BBFILES += "${LAYERDIR}/*.bb"\nBBFILE_COLLECTIONS += "bench"\nBBFILE_PATTERN_bench = "^${LAYERDIR}/"\n',
);
write(
  join(layer, 'large.bb'),
  `SUMMARY = "large"
LICENSE = "MIT"
S = "\${UNPACKDIR}"
do_configure() {
	awk 'BEGIN { for (d = 0; d < ${directories}; d++) {
		dir = "d" int(d / 50) "/e" d % 50
		system("mkdir -p " dir)
		for (f = 0; f < 16; f++) { file = dir "/f" f ".c"; print "line " d "\\nfile " f "\\nlast" > file; close(file) } } }'
}
do_compile() {
	ls -d d*/e7 | head -n 99 | while read dir; do sed -i 's/^file/FILE/' $dir/f3.c; done
	mv d0/e0/f0.c d0/e0/moved.c
}
`,
);
write(join(build, 'conf/bblayers.conf'), `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layer}"\n`);
write(join(build, 'conf/local.conf'), '');
time([...varve, 'build', '-q', '-c', 'compile', 'large'], build);
const [arch] = readdirSync(join(build, 'history')).filter((name) => !name.endsWith('.git'));
const git = ['git', '--git-dir', join(build, 'history', arch, 'large.git')];

const questions = [
  [...varve, 'diff', 'large:configure', 'large:compile', '--name-status'],
  [...varve, 'diff', 'large:configure', 'large:compile'],
  [...varve, 'log', 'large'],
  [...varve, 'show', 'large:compile'],
  [...varve, 'why', 'large:compile'],
  [...git, 'diff', '--name-status', 'do_configure', 'do_compile'],
  [process.execPath, '-e', '0'],
];
const table = createTable();
for (let round = 0; round < rounds; round += 1)
  for (const question of questions) {
    const words = question.map((word) => (word.includes('/') ? word.split('/').at(-1) : word)).join(' ');
    table.note(words.replace('node varve.js', 'varve').slice(0, 60), time(question, build));
  }
console.log(`two trees of ${directories * 16} files, 100 changed; ${rounds} rounds, medians`);
table.print();
rmSync(place, { recursive: true, force: true });
