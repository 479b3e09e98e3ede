/** What the benchmarks have in common: workspaces, times of whole process trees, medians. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export const varve = [process.execPath, join(here, '../dist/bin/varve.js')];

/** Writes a workspace of so many recipes, and one that depends on all; answers its build directory. */
export function generateWorkspace(dir, recipes) {
  const generator = join(here, 'generate-workspace.py');
  const made = spawnSync('python3', [generator, '--out', dir, '--recipes', String(recipes), '--seed', '7']);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return join(dir, 'build');
}

/** The recipe of a workspace that was written as the so-manieth; the first ones need nothing. */
export function findRecipe(dir, index) {
  const number = String(index).padStart(4, '0');
  const files = readdirSync(join(dir, 'recipes'), { recursive: true }).map(String);
  const file = files.find((path) => path.includes(`${number}_`));
  const [, name] = /([^/]*)_[^/]*$/.exec(file);
  return { name, file: join(dir, 'recipes', file) };
}

// Waits for daemons too, which BitBake's server is: they are handed to the nearest subreaper.
const timer = `
import ctypes, json, os, resource, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1)
spent = lambda used: used.ru_utime + used.ru_stime
# A python3 that is a script before it is itself has had children already.
before = spent(resource.getrusage(resource.RUSAGE_CHILDREN))
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=2).returncode
wall = time.monotonic() - start
while True:
    try: os.wait()
    except ChildProcessError: break
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"status": status, "wall": wall, "cpu": spent(used) - before, "rss": used.ru_maxrss}))
`;

/** Runs a command: seconds until it answered, seconds of CPU of all that it started, KiB of the largest process. */
export function time(command, cwd) {
  const { stdout, stderr } = spawnSync('python3', ['-c', timer, ...command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, BB_SERVER_TIMEOUT: '0' },
    maxBuffer: 1 << 28,
  });
  const figure = JSON.parse(stdout);
  if (figure.status !== 0) throw new Error(`${command.join(' ')}: ${stderr.slice(-2000)}`);
  return figure;
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Collects figures by what they are of, and prints their medians. */
export function createTable() {
  const rows = new Map();
  return {
    note: (what, figure) => rows.set(what, [...(rows.get(what) ?? []), figure]),
    /** `remark` says more of a row, from its seconds of CPU. */
    print(remark = () => '') {
      for (const [what, figures] of rows) {
        const [wall, cpu, rss] = ['wall', 'cpu', 'rss'].map((of) =>
          median(figures.map((figure) => figure[of])),
        );
        const seconds = (value) => `${value.toFixed(3).padStart(8)} s`;
        const megabytes = `${(rss / 1024).toFixed(0).padStart(5)} MB`;
        console.log(
          `${what.padEnd(38)} wall ${seconds(wall)}  CPU ${seconds(cpu)} ${megabytes}${remark(what, cpu)}`,
        );
      }
    },
  };
}
