/** A layer and a build directory in a place of their own, and the real program run on them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Leaves, removeWhenDone } from './sound-repositories.ts';

const program = resolve('dist/bin/varve.js');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a person sees them. */
  readonly said: string;
}

export interface Workspace {
  /** The directory with the layer and the build directory in it. */
  readonly top: string;
  readonly layer: string;
  readonly buildDir: string;
  /** Writes a file of the layer. */
  write(path: string, text: string): void;
  /** Runs varve in the build directory. */
  varve(...args: string[]): Ran;
  /** Starts varve and goes on. */
  start(...args: string[]): ChildProcess;
  /** The last event of a build, which must have ended with `status`. */
  counts(...args: string[]): Record<string, number>;
  path(...parts: string[]): string;
  read(...parts: string[]): string;
  exists(...parts: string[]): boolean;
  git(recipe: string, ...args: string[]): string;
}

export interface Setup extends Leaves {
  /** Layer files by path; conf/layer.conf is added. */
  readonly files?: Readonly<Record<string, string>>;
  /** A layer to copy. */
  readonly from?: string;
  /** Name of the directory below the temporary one. */
  readonly place?: string;
  /** Added to conf/local.conf. */
  readonly local?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const layerConf = `BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb \${LAYERDIR}/recipes/*.bbappend"
BBFILE_COLLECTIONS += "test"
BBFILE_PATTERN_test = "^\${LAYERDIR}/"
BBFILE_PRIORITY_test = "5"
`;

/** Makes a workspace that is removed when the test ends. */
export function makeWorkspace(setup: Setup = {}): Workspace {
  const made = mkdtempSync(join(tmpdir(), 'varve-test-'));
  removeWhenDone(made, setup);
  const top = join(made, setup.place ?? 'w');
  const [layer, buildDir] = [join(top, 'layer'), join(top, 'build')];
  mkdirSync(layer, { recursive: true });
  if (setup.from !== undefined) cpSync(setup.from, layer, { recursive: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(layer, path)), { recursive: true });
    writeFileSync(join(layer, path), text);
  };
  if (setup.from === undefined) write('conf/layer.conf', layerConf);
  for (const [path, text] of Object.entries(setup.files ?? {})) write(path, text);
  mkdirSync(join(buildDir, 'conf'), { recursive: true });
  writeFileSync(
    join(buildDir, 'conf/bblayers.conf'),
    `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layer}"\n`,
  );
  writeFileSync(join(buildDir, 'conf/local.conf'), setup.local ?? '');
  return workspaceAt({ top, layer, buildDir, write, env: setup.env ?? {} });
}

function workspaceAt(
  at: Pick<Workspace, 'top' | 'layer' | 'buildDir' | 'write'> & {
    readonly env: Readonly<Record<string, string>>;
  },
): Workspace {
  const { top, layer, buildDir, write } = at;
  const options = {
    cwd: buildDir,
    env: { ...process.env, ...at.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  } as const;
  const varve = (...args: string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
    return { status, stdout, stderr, said: stdout + stderr };
  };
  return {
    top,
    layer,
    buildDir,
    write,
    varve,
    start: (...args) => spawn(process.execPath, [program, ...args], { cwd: buildDir, env: options.env }),
    counts: (...args) => {
      const ran = varve('build', '--json', ...args);
      const last = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}') as {
        counts?: Record<string, number>;
      };
      if (last.counts === undefined) throw new Error(ran.said);
      return last.counts;
    },
    path: (...parts) => join(buildDir, ...parts),
    read: (...parts) => readFileSync(join(buildDir, ...parts), 'utf8'),
    exists: (...parts) => existsSync(join(buildDir, ...parts)),
    git(recipe, ...args) {
      const gitDir = spawnSync('find', [join(buildDir, 'history'), '-name', `${recipe}.git`], {
        encoding: 'utf8',
      }).stdout.trim();
      const ran = spawnSync('git', ['--git-dir', gitDir, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (ran.status !== 0) throw new Error(ran.stderr);
      return ran.stdout;
    },
  };
}

/** A recipe whose tasks are given as shell text; nothing is fetched. */
export function plainRecipe(tasks: Readonly<Record<string, string>>, further = ''): string {
  const bodies = Object.entries(tasks).map(
    ([name, body]) => `${name}() {\n\t${body.replaceAll('\n', '\n\t')}\n}\n`,
  );
  return `SUMMARY = "test"\nLICENSE = "MIT"\nS = "\${UNPACKDIR}"\n${further}\n${bodies.join('\n')}`;
}
