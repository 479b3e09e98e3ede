// usage: node bench/compose.mjs [ARTIFACTS=500] [FILES=100] [ROUNDS=5]
// What it costs to compose a sysroot of so many artifacts of so many files each, to look whether all is as it was left, and to
// compose it again after a file of one artifact changed; beside `cp -al` and `cp -a` of the same tree in turn. Within one process, as
// in a build; each artifact is in a history of its own. Needs python3.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTable, time } from './measure.mjs';

const [artifacts, files, rounds] = [500, 100, 5].map((usual, at) => Number(process.argv[2 + at] ?? usual));
const place = mkdtempSync(join(process.env['VARVE_BENCH_DIR'] ?? tmpdir(), 'varve-bench-'));
const here = dirname(fileURLToPath(import.meta.url));

const modules = ['history/history', 'trees/write-entries', 'sysroot/apply-sysroot'];
writeFileSync(
  join(place, 'parts.js'),
  modules.map((name) => `export * from ${JSON.stringify(join(here, `../lib/${name}.ts`))};\n`).join(''),
);
const rolldown = join(here, '../node_modules/.bin/rolldown');
execFileSync(rolldown, [join(place, 'parts.js'), '--platform=node', `--file=${join(place, 'parts.mjs')}`]);
const { openHistory, writeEntries, fillSysroot } = await import(join(place, 'parts.mjs'));

/** Headers and programs, some KiB each; `edited` is in one of the files. */
function imageOf(objects, number, edited) {
  const dirs = ['', '/usr', '/usr/include', `/usr/include/lib${number}`, '/usr/lib', `/usr/lib/lib${number}`];
  const entries = dirs.map((path) => ({ path: `image${path}`, kind: 'dir', mode: 0o755 }));
  for (let file = 0; file < files; file += 1) {
    const line = `${number} ${file} ${file === 7 ? edited : ''}\n`;
    const oid = objects.writeBlob(Buffer.from(line.repeat(1 + ((file * 37) % 400))));
    const dir = file % 2 === 0 ? 'include' : 'lib';
    entries.push({ path: `image/usr/${dir}/lib${number}/file${file}`, kind: 'file', mode: 0o644, oid });
  }
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const histories = Array.from({ length: artifacts }, (_, number) =>
  openHistory({
    fs,
    gitDir: join(place, `history/lib${number}.git`),
    workdir: join(place, `work/${number}`),
    now: Date.now,
  }),
);
const partOf = (number, edited) => {
  const { objects } = histories[number];
  const { tree } = objects.batch(() => writeEntries(objects, imageOf(objects, number, edited)));
  return { recipe: `lib${number}`, objects, tree, time: 1_577_836_800 };
};
const parts = histories.map((_, number) => partOf(number, ''));

/** The engine is one process for a whole build: its work is measured within this one. */
function timeHere(work) {
  const start = performance.now();
  const before = process.cpuUsage();
  const answer = work();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - start) / 1000;
  return [{ wall, cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() / 1024 }, answer];
}

const table = createTable();
for (let round = 0; round < rounds; round += 1) {
  const dir = join(place, `sysroot${round}`);
  const manifest = join(place, `sysroot${round}.json`);
  const fill = (what, of, verify) => {
    const [figure, applied] = timeHere(() => fillSysroot(fs, { dir, manifest, parts: of, verify }));
    table.note(what, figure);
    return applied;
  };
  const { written } = fill('compose', [...parts], false);
  if (written < artifacts * files) throw new Error(`only ${written} were written`);
  // A link more would be a touch to each file of the sysroot itself.
  const twin = join(place, 'twin');
  if (round === 0) execFileSync('cp', ['-a', dir, twin]);
  table.note('cp -al', time(['cp', '-al', twin, join(place, `links${round}`)]));
  table.note('cp -a', time(['cp', '-a', twin, join(place, `copy${round}`)]));
  fill('nothing changed', [...parts], false);
  fill('nothing changed, each file looked at', [...parts], true);
  const number = round % artifacts;
  const edited = parts.with(number, partOf(number, `edited in round ${round}`));
  const again = fill('one file changed', edited, false);
  const back = fill('one file changed, each looked at', parts, true);
  if (again.written !== 1 || back.written !== 1 || back.tampered.length > 0)
    throw new Error(`one file changed, but ${JSON.stringify([again, back])}`);
}
console.log(
  `${artifacts} artifacts, ${artifacts * files} files, below ${place}; medians of ${rounds} rounds`,
);
table.print();
rmSync(place, { recursive: true, force: true });
