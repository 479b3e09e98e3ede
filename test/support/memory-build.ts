/** A layer and a build directory in memory, built by the real engine: only what a task's script does is played. */
import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { build } from '../../lib/operations/build.ts';
import { explain } from '../../lib/operations/explain.ts';
import type { Explanation } from '../../lib/operations/explaining/explanation.ts';
import type { TaskOutcome, TaskRequest } from '../../lib/ports/task-runner.ts';
import type { FileSystem, RunResult } from '../../lib/ports/world.ts';
import type { BuildRequest } from '../../lib/terms/build-request.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { metaFiles } from './meta-files.ts';
import { memoryWorld, type MemoryWorld } from './memory-world.ts';

export const buildDir = '/work/build';
export const layer = '/work/layer';

export interface MemoryBuild {
  readonly world: MemoryWorld;
  /** Writes a file of the layer, or of wherever an absolute path leads. */
  write(path: string, text: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  remove(path: string): void;
  /** Builds and answers the events; a failed build is an answer too. `meanwhile` is called at each of them. */
  build(
    target: string,
    more?: Partial<BuildRequest>,
    meanwhile?: (event: BuildEvent) => void,
  ): Promise<readonly BuildEvent[]>;
  /** Tasks that a build ran, in order. */
  ran(target: string, more?: Partial<BuildRequest>): Promise<readonly string[]>;
  /** What is answered with what builds kept, and is the same where all of that is damaged. */
  why(...revs: string[]): Promise<Explanation>;
}

const layerConf = `BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb \${LAYERDIR}/recipes/*.bbappend"
BBFILE_COLLECTIONS += "test"
BBFILE_PATTERN_test = "^\${LAYERDIR}/"
`;

interface Setup {
  /** Layer files by path, to which conf/layer.conf is added; absolute ones lie elsewhere. */
  readonly files: Readonly<Record<string, string>>;
  readonly local?: string;
  /** What the machine is called. */
  readonly host?: string;
  readonly now?: () => number;
}

/** Makes a workspace in memory; `/usr/bin/gcc` and `/usr/bin/perl` are its host tools. */
export function memoryBuild({ files, local = '', host = 'host', now }: Setup): MemoryBuild {
  const at = (path: string): string => resolve(layer, path);
  const made: MemoryWorld = memoryWorld({
    cwd: buildDir,
    env: { PATH: '/usr/bin' },
    files: {
      ...metaFiles(),
      [at('conf/layer.conf')]: layerConf,
      '/usr/bin/gcc': 'gcc 12.2\n',
      '/usr/bin/perl': 'perl 5.36\n',
      [`${buildDir}/conf/bblayers.conf`]: `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layer}"\n`,
      [`${buildDir}/conf/local.conf`]: local,
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [at(path), text])),
    },
    run: (program, args) => answer(made.fs, program, args),
    taskRunner: () => ({ kind: 'plain', run: (request) => Promise.resolve(play(made.fs, request)) }),
  });
  const world: MemoryWorld = { ...made, hostname: host, ...(now && { now }) };
  for (const tool of ['gcc', 'perl']) world.fs.chmodSync(`/usr/bin/${tool}`, 0o755);
  const run: MemoryBuild['build'] = async (target, more = {}, meanwhile = () => {}) => {
    const events: BuildEvent[] = [];
    await build(world, { ...plainly, targets: [target], ...more }, (event) => {
      events.push(event);
      meanwhile(event);
    });
    return events;
  };
  return {
    world,
    write(path, text) {
      world.fs.mkdirSync(dirname(at(path)), { recursive: true });
      world.fs.writeFileSync(at(path), text);
    },
    read: (path) => world.fs.readFileSync(at(path), 'utf8'),
    exists: (path) => world.fs.existsSync(at(path)),
    remove: (path) => world.fs.rmSync(at(path)),
    build: run,
    ran: async (target, more) =>
      (await run(target, more)).flatMap((event) =>
        event.event === 'task-finished' && event.verdict === 'run' ? [event.task] : [],
      ),
    async why(...revs) {
      const ask = (): Promise<Explanation> => explain(world, { buildDir, revs }, () => {});
      const told = await ask();
      // What would run now is found out of the metadata.
      if (told.to !== undefined) expect(await withoutKept(world.fs, ask)).toEqual(told);
      return told;
    },
  };
}

async function withoutKept<T>(fs: FileSystem, work: () => Promise<T>): Promise<T> {
  const dir = `${buildDir}/history/builds.git/varve/changes`;
  const paths = fs.existsSync(dir) ? fs.readdirSync(dir).map((name) => join(dir, String(name))) : [];
  const kept = paths.map((path) => [path, fs.readFileSync(path)] as const);
  for (const [path, bytes] of kept) fs.writeFileSync(path, bytes.subarray(0, -1));
  const answer = await work();
  for (const [path, bytes] of kept) fs.writeFileSync(path, bytes);
  return answer;
}

const plainly: BuildRequest = {
  buildDir,
  targets: [],
  keepGoing: false,
  dryRun: false,
  force: false,
  cache: true,
  offline: true,
  jobs: 1,
  wait: false,
  verbose: false,
};

/** A program: a host tool's version is its first line, and patch leaves the patch itself in the tree. */
function answer(fs: FileSystem, program: string, args: readonly string[]): RunResult {
  const said = (stdout: string): RunResult => ({
    status: 0,
    signal: null,
    stdout: Buffer.from(stdout),
    stderr: Buffer.alloc(0),
  });
  if (program === 'uname') return said('x86_64\n');
  const [dir, patch] = [args[args.indexOf('-d') + 1], args[args.indexOf('-i') + 1]];
  if (program === '/bin/sh' && dir !== undefined && patch !== undefined)
    fs.appendFileSync(join(dir, 'patched'), fs.readFileSync(patch));
  return said(args.includes('--version') ? fs.readFileSync(program, 'utf8') : '');
}

/**
 * Plays a task: do_compile and do_install write a digest of their script and of all that they can read, so that what
 * comes out hangs on what goes in; and, as it should not, on what is wrong with the machine (`/etc/flaw`). A line that begins with `:` does nothing, one of `exit 1` fails.
 */
function play(fs: FileSystem, { command, workdir, log }: TaskRequest): TaskOutcome {
  const path = command.at(-1) ?? '';
  const lines = fs.readFileSync(path, 'utf8').split('\n');
  if (lines.some((line) => line.trim() === 'exit 1')) {
    fs.appendFileSync(log, 'it broke\n');
    return { exitCode: 1, signal: null };
  }
  const script = lines.filter((line) => !/^\s*(:|#)/.test(line)).join('\n');
  const flaw = fs.existsSync('/etc/flaw') ? fs.readFileSync('/etc/flaw', 'utf8') : '';
  const digest = (): string =>
    createHash('sha256').update(script).update(contentOf(fs, workdir)).update(flaw).digest('hex');
  const name = basename(workdir);
  if (basename(path).startsWith('run.do_compile')) fs.writeFileSync(join(workdir, 'compiled'), digest());
  if (basename(path).startsWith('run.do_install')) {
    const made = digest();
    fs.mkdirSync(join(workdir, 'image/usr/share'), { recursive: true });
    fs.writeFileSync(join(workdir, 'image/usr/share', name), made);
  }
  return { exitCode: 0, signal: null };
}

/** What a task can read below its WORKDIR, its sysroot with it. */
function contentOf(fs: FileSystem, dir: string): string {
  const names = fs.readdirSync(dir).map(String).sort();
  return names
    .filter((name) => !['temp', 'image', '.git'].includes(name))
    .map((name) => {
      const path = join(dir, name);
      const text = fs.statSync(path).isDirectory() ? contentOf(fs, path) : fs.readFileSync(path, 'utf8');
      return `${name}\0${text}\0`;
    })
    .join('');
}
