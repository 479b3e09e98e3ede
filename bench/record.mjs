// usage: node bench/record.mjs [FILES=5000|TREE] [ROUNDS=5]
// What it costs to record a directory, beside native git in turn: a first snapshot, and its compression when nobody waits; further ones,
// restores, the artifact; and the whole record of a task that writes five small files. The tree is a sample of what lies below /usr, or one of
// your own. Needs git and python3.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTable, median, time } from './measure.mjs';

const from = process.argv[2] ?? '5000';
const rounds = Number(process.argv[3] ?? 5);
const place = mkdtempSync(join(process.env['VARVE_BENCH_DIR'] ?? tmpdir(), 'varve-bench-'));
const here = dirname(fileURLToPath(import.meta.url));

const parts = [
  'history/history',
  'history/stored-packs',
  'artifacts/store',
  'artifacts/export-artifact',
  'artifacts/import-artifact',
  'world/world',
];
writeFileSync(
  join(place, 'parts.js'),
  parts.map((part) => `export * from ${JSON.stringify(join(here, `../lib/${part}.ts`))};\n`).join(''),
);
// In a process of its own: what the bundler leaves in memory is nothing that varve has to walk through.
const rolldown = join(here, '../node_modules/.bin/rolldown');
execFileSync(rolldown, [join(place, 'parts.js'), '--platform=node', `--file=${join(place, 'parts.mjs')}`]);
const { createWorld, openHistory, storedPacks, compressPack, openStore, exportArtifact, importArtifact } =
  await import(join(place, 'parts.mjs'));
// With as much memory as a build takes.
createWorld().spareMemory();

const scope = { exclude: [], image: 'image' };
const open = (dir, { name = 'history.git', room = Infinity } = {}) =>
  openHistory({
    fs,
    gitDir: join(dir, name),
    workdir: join(dir, 'work'),
    now: Date.now,
    room: () => room,
  });

/** What varve does in the background after a build. */
function compress({ gitDir }) {
  for (const pack of storedPacks(fs, gitDir)) compressPack({ fs, sync: () => {} }, gitDir, pack);
}

/** All that is done when a task ends well; what is jotted down becomes notes at the end of the build. */
function record(history) {
  history.unlink();
  const parent = history.refs.head();
  const { tree, times } = history.snapshot(scope, parent);
  const parents = parent === undefined ? [] : [parent];
  const commit = history.commit({ tree, parents, subject: 'x', trailers: [], time: 1 });
  history.notes.jot(commit, { times });
  history.refs.write('refs/tags/do_compile', commit);
  history.setHead(commit);
  history.link();
}

/** The engine is one process for a whole build: its work is measured within this one. */
function timeHere(work) {
  const start = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - start) / 1000;
  return { wall, cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() / 1024 };
}

/** Whole directories from below /usr, evenly spread over all there are. */
function sample(count, into) {
  const directories = new Map();
  for (const name of ['bin', 'lib', 'include', 'share', 'libexec', 'sbin'])
    for (const entry of readdirSync(join('/usr', name), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (!entry.isFile() || lstatSync(file).size > 8 << 20) continue;
      directories.set(entry.parentPath, [...(directories.get(entry.parentPath) ?? []), file]);
    }
  const sorted = [...directories].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, files]) => files);
  const all = sorted.reduce((sum, files) => sum + files.length, 0);
  const chosen = [];
  let passed = 0;
  for (const files of sorted) {
    passed += files.length;
    if (chosen.length < (count * passed) / all) chosen.push(...files);
  }
  chosen.length = Math.min(chosen.length, count);
  for (const file of chosen) cpSync(file, join(into, file.slice('/usr/'.length)));
}

/** Removes what is in a working tree by renaming: without a journal, ext4 gives an inode of late to no new file, and searches. */
function putAside(dir) {
  const aside = mkdtempSync(join(place, 'aside-'));
  for (const name of readdirSync(dir)) if (name !== '.git') renameSync(join(dir, name), join(aside, name));
}

const tree = /^\d+$/.test(from) ? join(place, 'tree') : resolve(from);
if (tree !== resolve(from)) sample(Number(from), tree);
const files = readdirSync(tree, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
  .toSorted();
const bytes = files.reduce((sum, file) => sum + lstatSync(join(tree, file)).size, 0);
console.log(
  `${files.length} files, ${(bytes / 1e6).toFixed(0)} MB, below ${place}; medians of ${rounds} rounds`,
);
const table = createTable();
const shell = (text) => ['sh', '-c', `set -e; ${text}`];
// Nor is it asked to pack all of it in the background, where varve has packs already.
const commit =
  'git add -A -f; git -c gc.auto=0 -c user.name=bench -c user.email=bench@localhost commit -q --allow-empty -m x';
const megabytes = (dir) =>
  Number(execFileSync('du', ['-sk', dir], { encoding: 'utf8' }).split('\t')[0]) / 1024;
const sizes = [];
for (let round = 0; round < rounds; round += 1) {
  const [gitDir, ours] = ['git', 'varve'].map((name) => join(place, `${name}${round}`));
  const [theirObjects, ourObjects] = [join(gitDir, '.git'), join(ours, 'history.git')];
  const workdirs = [gitDir, join(ours, 'work')];
  const copyTree = () => {
    for (const dir of workdirs)
      cpSync(tree, join(dir, 'image'), { recursive: true, preserveTimestamps: true });
  };
  const change = (number, text) => {
    const changed = files.filter((_, index) => (index * number) % files.length < number);
    for (const file of changed) for (const dir of workdirs) writeFileSync(join(dir, 'image', file), text);
  };
  const both = (what, git, work) => {
    table.note(`git, ${what}`, time(shell(git), gitDir));
    table.note(`varve, ${what}`, timeHere(work));
  };
  copyTree();
  const short = open(ours, { name: 'short.git', room: 0 });
  table.note(
    'varve, first snapshot, deflated at once',
    timeHere(() => record(short)),
  );
  const deflated = megabytes(short.gitDir);
  short.unlink();
  const history = open(ours);
  both('first snapshot', `git init -q; ${commit}`, () => record(history));
  const stored = megabytes(ourObjects);
  table.note(
    'varve, compressed later',
    timeHere(() => compress(history)),
  );
  const first = [megabytes(theirObjects), stored, deflated, megabytes(ourObjects)];
  for (const dir of workdirs) putAside(dir);
  copyTree();
  history.forgetWorkdir(scope);
  both('the same files anew', commit, () => record(history));
  sizes.push([...first, megabytes(ourObjects) - (first.at(-1) ?? 0)]);
  for (const number of [0, 10, 1000]) {
    change(number, `${round} ${number}\n`);
    both(`${number} files changed`, commit, () => record(history));
  }
  change(1000, 'lost\n');
  both('restore of 1000', 'git reset -q --hard', () => history.checkout(history.refs.head(), scope));
  for (const dir of workdirs) putAside(dir);
  both('restore of all', 'git read-tree --reset -u HEAD', () => history.checkout(history.refs.head(), scope));
  const { objects, refs } = history;
  const artifact = history.artifactTree(objects.readCommit(refs.head()).tree, scope.image);
  const store = openStore({ fs, dir: join(ours, 'artifacts') });
  let entry;
  table.note('git archive', time(shell('git archive HEAD > ../archive.tar'), gitDir));
  both('artifact', 'git archive HEAD | zstd -q -1 -T2 > ../archive.tar.zst', () => {
    entry = exportArtifact({ objects, tree: artifact, time: 1, store });
  });
  const elsewhere = open(join(ours, 'elsewhere'));
  const unpacked = mkdtempSync(join(place, 'unpacked-'));
  table.note('tar xzf of it', time(['tar', 'xzf', store.archives.path(entry.archive)], unpacked));
  table.note(
    'varve, artifact read back',
    timeHere(() => importArtifact({ objects: elsewhere.objects, store, entry })),
  );
}
table.print();
const [theirs, stored, deflated, mine, more] = [0, 1, 2, 3, 4].map((of) =>
  median(sizes.map((each) => each[of])).toFixed(1),
);
console.log(
  `on disk after the first snapshot: git ${theirs} MB, varve ${stored} MB, deflated at once ${deflated} MB, compressed later ${mine} MB; the same files anew: ${more} MB more`,
);

const small = open(join(place, 'small'));
mkdirSync(small.workdir, { recursive: true });
for (let file = 0; file < 20; file += 1) writeFileSync(join(small.workdir, `old${file}`), String(file));
record(small);
const tasks = 200;
const { cpu } = timeHere(() => {
  for (let task = 0; task < tasks; task += 1) {
    for (let file = 0; file < 5; file += 1)
      writeFileSync(join(small.workdir, `new${file}`), `${task} ${file}`);
    record(small);
  }
});
console.log(`a task that writes 5 files, all of its record: ${((cpu * 1000) / tasks).toFixed(1)} ms CPU`);
rmSync(place, { recursive: true, force: true });
