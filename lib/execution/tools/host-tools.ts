/** The programs of the machine that tasks may call: found on the caller's PATH, linked, and identified. */
import { basename, delimiter, dirname, join } from 'node:path';
import { isScript } from '../../ports/is-script.ts';
import type { World } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { identifyTool, identifyUnknown } from './identify-tool.ts';
import { openStatMemo, type StatMemo } from './stat-memo.ts';

export interface HostToolsOptions {
  /** HOSTTOOLS: the names that tasks may call. */
  readonly names: readonly string[];
  /** File that remembers what was found out about programs that have not changed since. */
  readonly memo: string;
  /** Where links to them stand for tasks; who calls varve from a task's shell has this on PATH. */
  readonly linked: string;
}

export interface HostTools {
  /** Where each name was found; names that the machine lacks are left out. */
  readonly paths: ReadonlyMap<string, string>;
  /** Makes that directory hold a link to each of them and nothing else. */
  link(): void;
  /** Tells what a task's signature says of tools; `declared` gives the ids of images that a fleet declares equal. */
  inputs(signed: SignedTools, declared: (name: string) => string | undefined): readonly Input[];
}

export interface SignedTools {
  /** Those that answer with their version. */
  readonly known: readonly string[];
  /** Those that a configuration added. */
  readonly added: readonly string[];
}

/** Programs that stand before another of the same name and look it up on PATH, where a task has no other. */
const wrappers = new Set(['ccache', 'sccache', 'distcc', 'icecc']);

/** Looks for the tools on the caller's PATH. */
export function findHostTools(world: World, options: HostToolsOptions): HostTools {
  const memo = openStatMemo(world.fs, options.memo);
  const directories = (world.env['PATH'] ?? '').split(delimiter).filter((path) => path.startsWith('/'));
  const listed = [...new Set(directories)].map((path) => ({ path, names: new Set(list(world, path)) }));
  const paths = new Map<string, string>();
  for (const name of [...new Set(options.names)].sort(byCodeUnit)) {
    const candidates = listed
      .filter((directory) => directory.names.has(name))
      .map((directory) => pathTo(world, join(directory.path, name), options.linked))
      .filter((path) => isProgram(world, path));
    const chosen = candidates.find((path) => !isStandIn(world, path)) ?? candidates[0];
    if (chosen === undefined) continue;
    const isShim = name === 'python3' && isScript(world.fs, candidates[0] ?? chosen);
    paths.set(name, isShim ? realInterpreter(world, memo, candidates[0] ?? chosen) : chosen);
  }
  memo.save();
  return {
    paths,
    link: () => linkTools(world, options.linked, paths),
    inputs(signed, declared) {
      const known = new Set(signed.known);
      const found = [...new Set([...known, ...signed.added])].sort(byCodeUnit).flatMap((name): Input[] => {
        const path = paths.get(name);
        if (path === undefined) return [];
        const identify = known.has(name) ? identifyTool : identifyUnknown;
        return [{ kind: 'hosttool', name, value: declared(name) ?? identify(world, memo, path), at: path }];
      });
      memo.save();
      return found;
    },
  };
}

/** A link to a program must not lead to itself. */
function pathTo({ fs }: World, path: string, linked: string): string {
  return dirname(path) === linked && fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : path;
}

function list(world: World, directory: string): readonly string[] {
  try {
    return world.fs.readdirSync(directory);
  } catch {
    // PATH may name directories that are not there, or not for this user.
    return [];
  }
}

function isProgram(world: World, path: string): boolean {
  try {
    world.fs.accessSync(path, 1);
    return world.fs.statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A compiler cache's link, or a shim of a version manager: another program of this name is what it would run. */
function isStandIn(world: World, path: string): boolean {
  return basename(dirname(path)) === 'shims' || wrappers.has(basename(world.fs.realpathSync(path)));
}

/** A version manager's python3 is a script that needs the caller's environment: the interpreter itself does not. */
function realInterpreter(world: World, memo: StatMemo, shim: string): string {
  const chosenVersion = join(dirname(dirname(shim)), 'version');
  const version = world.env['PYENV_VERSION'] ?? '';
  return memo.remember(`interpreter ${version} ${shim}`, [shim, chosenVersion], () => {
    const env = Object.fromEntries(
      Object.entries(world.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const result = world.run(shim, ['-c', 'import sys; print(sys.executable)'], { env });
    const path = result.stdout.toString('utf8').trim();
    return result.status === 0 && path.startsWith('/') && isProgram(world, path) ? path : shim;
  });
}

/** Links, not copies: a program that looks at the name it was called by, or for files beside itself, finds them. */
function linkTools(world: World, directory: string, paths: ReadonlyMap<string, string>): void {
  const { fs } = world;
  fs.mkdirSync(directory, { recursive: true });
  const present = new Set(fs.readdirSync(directory));
  for (const name of present) if (!paths.has(name)) fs.rmSync(join(directory, name), { recursive: true });
  for (const [name, path] of paths) {
    const link = join(directory, name);
    if (present.has(name)) {
      if (fs.lstatSync(link).isSymbolicLink() && fs.readlinkSync(link) === path) continue;
      fs.rmSync(link, { recursive: true });
    }
    fs.symlinkSync(path, link);
  }
}
