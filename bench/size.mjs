// usage: node bench/size.mjs [BUILDS=20] [DIR]
// How many bytes the record of fixtures/real takes: BUILDS builds, each with another source line changed, the ninth and
// the sixteenth of them failing; beside the sum of a `tar | zstd` of the WORKDIR after each task that ran. Before and after
// `varve gc`; what runs by itself after a build is waited for, as a person's pause would. Needs
// fixtures/real/fetch.sh to have run, git, tar and zstd. With DIR the build directory is left there.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { varve } from './measure.mjs';

const rounds = Number(process.argv[2] ?? 20);
const place = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'varve-size-'));
const [layers, build] = [join(place, 'layers'), join(place, 'build')];
/** A source file of each recipe, below S. */
const changed = {
  zlib: 'zutil.c',
  bzip2: 'bzlib.c',
  expat: 'lib/xmlparse.c',
  lua: 'src/lapi.c',
  onig: 'src/regerror.c',
  jq: 'src/util.c',
};
const recipes = Object.keys(changed);
const failing = new Set([9, 16]);

function run(command, allowed = [0]) {
  const ran = spawnSync(command[0], command.slice(1), { encoding: 'utf8', maxBuffer: 1 << 29, cwd: build });
  if (allowed.includes(ran.status)) return ran.stdout;
  throw new Error(`${command.join(' ')}: ${ran.stdout.slice(-2000)}${ran.stderr.slice(-2000)}`);
}

function prepare() {
  mkdirSync(join(layers, 'meta-change/conf'), { recursive: true });
  cpSync('fixtures/real/meta-real', join(layers, 'meta-real'), { recursive: true });
  mkdirSync(build, { recursive: true });
  cpSync('fixtures/real/downloads', join(build, 'downloads'), { recursive: true });
  writeFileSync(
    join(layers, 'meta-change/conf/layer.conf'),
    'BBFILES += "${LAYERDIR}/*.bbappend"\nBBFILE_COLLECTIONS += "change"\nBBFILE_PATTERN_change = "^${LAYERDIR}/"\n',
  );
  run([
    ...varve,
    'init',
    build,
    ...['meta-real', 'meta-change'].flatMap((name) => ['--layer', join(layers, name)]),
  ]);
  writeFileSync(join(build, 'conf/local.conf'), 'DISTRO = "real"\nMACHINE = "host"\n', { flag: 'a' });
}

/** Gives a recipe one more line of source, another one in each round. */
function change(round) {
  const recipe = recipes[round % recipes.length];
  const line = failing.has(round) ? 'this is no C;' : `const char varve_change[] = "round ${round}";`;
  writeFileSync(
    join(layers, 'meta-change', `${recipe}_%.bbappend`),
    `change_line() {\n\techo '${line}' >> \${S}/${changed[recipe]}\n}\ndo_patch[postfuncs] += "change_line"\n`,
  );
}

/** Until what the build started has compressed what waited for it, and gc has run where it is its turn. */
function waitForIdle(round) {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const [waiting, collected] = ['waiting', 'collected'].map((name) =>
    join(build, 'history/builds.git/varve', name),
  );
  const least = round - (round % 10);
  const isDone = () =>
    least === 0 || (existsSync(collected) && Number(readFileSync(collected, 'utf8')) >= least);
  while (existsSync(waiting) || !isDone()) Atomics.wait(word, 0, 0, 200);
}

/** Bytes of the tarballs of all tasks that ran in a build. */
function tarballs(events) {
  let bytes = 0;
  for (const { event, task, commit, verdict } of events) {
    if (event !== 'task-finished' || verdict !== 'run' || commit === undefined) continue;
    const [recipe] = task.split(':');
    const script = `git --git-dir history/*/${recipe}.git archive ${commit} | zstd -q | wc -c`;
    bytes += Number(run(['sh', '-c', script]));
  }
  return bytes;
}

const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`.padStart(11);
const disk = (...dirs) =>
  dirs.reduce((sum, dir) => sum + Number(run(['du', '-s', '-B1', dir]).split('\t')[0]), 0);
const record = () => disk('history', 'artifacts');

let sum = 0;
let before = 0;
prepare();
for (let round = 1; round <= rounds; round += 1) {
  if (round > 1) change(round);
  const out = run([...varve, 'build', '--offline', '--json', '-k', 'real-image-open', ...recipes], [0, 1]);
  before = record();
  const lines = out.trim().split('\n');
  sum += tarballs(lines.map((line) => JSON.parse(line)));
  const part = ((before / sum) * 100).toFixed(1);
  console.log(`build ${String(round).padStart(2)}  record ${kib(before)}  tarballs ${kib(sum)}  ${part} %`);
  if (round < rounds) waitForIdle(round);
}
console.log(run([...varve, 'gc']));
const after = record();
const [partBefore, partAfter] = [before, after].map((bytes) => ((bytes / sum) * 100).toFixed(1));
console.log(
  `before gc ${kib(before)} (${partBefore} %), after ${kib(after)} (${partAfter} %), tarballs ${kib(sum)}`,
);
for (const dir of run(['sh', '-c', 'ls -d history/*/*.git history/builds.git']).trim().split('\n'))
  run(['git', '--git-dir', dir, 'fsck', '--strict', '--no-dangling']);
console.log(run([...varve, 'fsck']));
if (process.argv[3] === undefined) rmSync(place, { recursive: true, force: true });
