/** Whole builds in memory: a layer of its own, a runner that knows one command, files on memfs. */
import { dirname } from 'node:path';
import { build } from '../../lib/operations/build.ts';
import type { FileSystem, World } from '../../lib/ports/world.ts';
import type { TaskRunner } from '../../lib/ports/task-runner.ts';
import type { BuildRequest } from '../../lib/terms/build-request.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { memoryFileSystem, memoryWorld } from './memory-world.ts';

const bitbakeConf = `PN = "\${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[0]}"
PV = "\${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[1] or '1.0'}"
PR = "r0"
PROVIDES = "\${PN}"
PACKAGE_ARCH = "any"
TMPDIR = "\${TOPDIR}/tmp"
DL_DIR = "\${TOPDIR}/downloads"
HISTORY_DIR = "\${TOPDIR}/history"
ARTIFACT_DIR = "\${TOPDIR}/artifacts"
DEPLOY_DIR = "\${TMPDIR}/deploy"
WORKDIR = "\${TMPDIR}/work/\${PACKAGE_ARCH}/\${PN}"
S = "\${WORKDIR}/s"
B = "\${WORKDIR}/b"
D = "\${WORKDIR}/image"
T = "\${WORKDIR}/temp"
RECIPE_SYSROOT = "\${WORKDIR}/recipe-sysroot"
RECIPE_SYSROOT_NATIVE = "\${WORKDIR}/recipe-sysroot-native"
STAGING = "\${RECIPE_SYSROOT}"
BB_BASEHASH_IGNORE_VARS = "TOPDIR TMPDIR FILE"
include conf/local.conf
`;

const baseClass = `addtask unpack
addtask compile after do_unpack
do_compile[deptask] = "do_install"
addtask install after do_compile
do_install[cleandirs] = "\${D}"
addtask build after do_install
do_build[noexec] = "1"
do_build() {
	:
}
`;

/** Runs `emit FILE HOW WORD…`: writes the words, one after the other, @FILE being the content of a file. */
function emitRunner(fs: FileSystem): TaskRunner {
  return {
    kind: 'namespaces',
    run: ({ command }) => {
      const script = fs.readFileSync(command.at(-1) ?? '', 'utf8');
      for (const [, file = '', how, words = ''] of script.matchAll(/^\temit (\S+) (\S+) ?(.*)$/gm)) {
        const parts = words.split(' ').filter((word) => word !== '');
        const text = parts
          .map((word) => (word.startsWith('@') ? fs.readFileSync(word.slice(1), 'utf8') : word))
          .join('');
        fs.mkdirSync(dirname(file), { recursive: true });
        fs.writeFileSync(file, how === 'lower' ? text.toLowerCase() : text);
      }
      return Promise.resolve({ exitCode: 0, signal: null });
    },
  };
}

/** What /proc tells of a process; field 22 is when it started. */
export function processStat(pid: number): string {
  return `${pid} (varve) S ${'0 '.repeat(18)}${pid * 100}`;
}

/** A layer at /layer with these recipes, and a build directory at /build. */
export function engineWorld(recipes: Readonly<Record<string, string>>): World {
  const world = memoryWorld({
    files: {
      '/proc/1/stat': processStat(1),
      '/proc/sys/kernel/random/boot_id': 'first\n',
      '/build/conf/bblayers.conf': 'BBLAYERS = "/layer"\n',
      '/build/conf/local.conf': '',
      '/layer/conf/layer.conf': 'BBPATH .= ":${LAYERDIR}"\nBBFILES += "${LAYERDIR}/*.bb"\n',
      '/layer/conf/bitbake.conf': bitbakeConf,
      '/layer/classes/base.bbclass': baseClass,
      ...Object.fromEntries(Object.entries(recipes).map(([file, text]) => [`/layer/${file}`, text])),
    },
    cwd: '/build',
  });
  return withFiles(world, world.fs);
}

/** The same world with its files reached another way; its runner reaches them so too. */
export function withFiles(world: World, fs: FileSystem, pid = world.pid): World {
  const runner = emitRunner(fs);
  return { ...world, fs, pid, attributes: () => undefined, taskRunner: () => runner };
}

/** A world of its own with the same files, names and times; what is done in one of the two is not seen in the other. */
export function copyOf(world: World): World {
  const fs = memoryFileSystem();
  copyInto(fs, world.fs, '/');
  return withFiles(world, fs);
}

function copyInto(to: FileSystem, from: FileSystem, dir: string): void {
  for (const name of from.readdirSync(dir, { encoding: 'utf8' })) {
    const path = `${dir === '/' ? '' : dir}/${name}`;
    const stat = from.lstatSync(path);
    if (stat.isSymbolicLink()) {
      to.symlinkSync(from.readlinkSync(path, 'utf8'), path);
      continue;
    }
    if (stat.isDirectory()) {
      to.mkdirSync(path, { recursive: true });
      copyInto(to, from, path);
    } else to.writeFileSync(path, from.readFileSync(path));
    to.chmodSync(path, stat.mode & 0o7777);
    to.utimesSync(path, stat.atime, stat.mtime);
  }
}

/** A process that goes on beside the others, in the same world. */
export function anotherProcess(world: World, words: readonly string[] = []): World {
  world.fs.mkdirSync('/proc/3', { recursive: true });
  world.fs.writeFileSync('/proc/3/stat', processStat(3));
  return { ...withFiles(world, world.fs, 3), words };
}

/** Builds a recipe; every event goes to `note` as it comes. */
export function buildIn(
  world: World,
  target: string,
  note: (event: BuildEvent) => void,
  asked: Partial<BuildRequest> = {},
): ReturnType<typeof build> {
  const request = {
    buildDir: '/build',
    targets: [target],
    keepGoing: false,
    dryRun: false,
    force: false,
    cache: true,
    offline: true,
    wait: false,
    verbose: false,
    ...asked,
  };
  return build(world, request, note);
}
