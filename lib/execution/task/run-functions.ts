/** Calls the functions of one task, one after the other, each as what it is: shell, Python, or varve's own. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Datastore } from '../../language/datastore.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Instead, TaskOutcome, TaskRunner } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { complaint } from './complaint.ts';
import { isBelow } from '../../terms/is-below.ts';
import { mendKinds, underFakeroot, type Fakeroot } from '../fakeroot/fakeroot.ts';
import { mendLogPlace, writeOwnFile } from './own-directories.ts';
import { pointTo } from './point-to.ts';
import { removeTree } from '../workdir/remove-tree.ts';
import { pythonCall } from './python-call.ts';
import { shellCall } from './shell-call.ts';
import type { NativeCall, NativeName, Segment } from './split-body.ts';
import { taskFunctions, type TaskFunction } from './task-functions.ts';

export interface FunctionCalls {
  readonly world: World;
  readonly recipe: LoadedRecipe;
  /** The recipe's metadata as the task sees it, `task-…` among the overrides. */
  readonly data: Datastore;
  /** With its `do_`. */
  readonly task: string;
  readonly runner: TaskRunner;
  /** Absolute. */
  readonly log: string;
  readonly hostTools: string;
  readonly writable: readonly string[];
  readonly readOnly: readonly string[];
  readonly instead: readonly Instead[];
  readonly network: boolean;
  readonly umask: number;
  readonly fakeroot?: Fakeroot | undefined;
  readonly signal: AbortSignal;
  /** Carries out what the engine does itself, by the metadata as functions before it left them; throws a VarveError where that fails. */
  readonly native: NativeCall;
}

/** How a task ended. */
export interface CallsEnded {
  readonly ok: boolean;
  readonly exitCode?: number;
  /** What failed, as a sentence without its end. */
  readonly message?: string;
  readonly hints: readonly string[];
  /** The newest run script, to be executed by hand. */
  readonly script?: string;
}

/** Calls `[prefuncs]`, the task and `[postfuncs]` until one fails. */
export async function runFunctions(calls: FunctionCalls): Promise<CallsEnded> {
  let script: string | undefined;
  for (const called of taskFunctions(calls.data, calls.task)) {
    const refused = makeDirectories(calls, called);
    if (refused !== undefined) {
      mendLogPlace(calls.world, calls.recipe.dirs, calls.log);
      calls.world.fs.appendFileSync(calls.log, complaint(refused, []));
      return { ok: false, message: refused, hints: [], ...(script === undefined ? {} : { script }) };
    }
    const segments: readonly (Segment | 'shell')[] = called.python ? called.segments : ['shell'];
    for (const segment of segments) {
      const ended = await runSegment(calls, called, segment);
      script = ended.script ?? script;
      if (!ended.ok) return { ...ended, ...(script === undefined ? {} : { script }) };
    }
  }
  return { ok: true, hints: [], ...(script === undefined ? {} : { script }) };
}

/** Makes `[cleandirs]` anew and `[dirs]`; answers with what is wrong where varve itself would write in another's place. */
function makeDirectories(calls: FunctionCalls, called: TaskFunction): string | undefined {
  const { fs } = calls.world;
  const { workdir } = calls.recipe.dirs;
  const places = [workdir, ...calls.writable];
  const isOwn = (dir: string): boolean =>
    places.some((place) => dir === place || isBelow(resolve(dir), place));
  const foreign =
    called.cleandirs.find((dir) => !isBelow(resolve(dir), workdir)) ??
    called.dirs.find((dir) => !isOwn(dir) && !fs.existsSync(dir));
  if (foreign !== undefined) {
    const flag = called.cleandirs.includes(foreign) ? 'cleandirs' : 'dirs';
    return `${called.name}[${flag}] names ${foreign}, which is not below WORKDIR`;
  }
  const detour = [...called.cleandirs, ...called.dirs].find((dir) => leadsOut(calls, dir));
  if (detour !== undefined) return `${detour} leads out of the WORKDIR through a symbolic link`;
  for (const dir of called.cleandirs) {
    removeTree(calls.world, dir);
    fs.mkdirSync(dir, { recursive: true });
  }
  for (const dir of called.dirs) fs.mkdirSync(dir, { recursive: true });
  return undefined;
}

/** varve makes and empties these itself, outside the walls of the task: no link that a task left may lead it astray. */
function leadsOut({ world, recipe }: FunctionCalls, dir: string): boolean {
  const { workdir } = recipe.dirs;
  let parent = dirname(resolve(dir));
  while (!world.fs.existsSync(parent)) parent = dirname(parent);
  const isIn = (path: string, top: string): boolean => path === top || isBelow(path, top);
  return isIn(parent, workdir) && !isIn(world.fs.realpathSync(parent), world.fs.realpathSync(workdir));
}

async function runSegment(
  calls: FunctionCalls,
  called: TaskFunction,
  segment: Segment | 'shell',
): Promise<CallsEnded> {
  // A function before this one may have made anything of them.
  mendLogPlace(calls.world, calls.recipe.dirs, calls.log);
  if (segment !== 'shell' && segment.kind === 'native') return runNative(calls, segment.name);
  const cwd = workingDirectory(calls, called);
  const call = segment === 'shell' ? shellCall(calls, called, cwd) : pythonCall(calls, called, segment);
  writeOwnFile(calls.world, call.script, call.text);
  calls.world.fs.chmodSync(call.script, 0o755);
  pointTo(calls.world, join(calls.recipe.dirs.t, `run.${called.name}`), basename(call.script));
  const outcome = await calls.runner.run({
    workdir: calls.recipe.dirs.workdir,
    cwd,
    command: calls.fakeroot === undefined ? call.command : underFakeroot(calls.fakeroot, call),
    env: call.env,
    log: calls.log,
    writable: calls.writable,
    readOnly: calls.readOnly,
    instead: calls.instead,
    network: calls.network,
    umask: calls.umask,
    ownQueues: calls.fakeroot !== undefined,
    signal: calls.signal,
    ...(call.answer === undefined ? {} : { answer: call.answer }),
  });
  if (calls.fakeroot !== undefined) mendKinds(calls.world, calls.fakeroot);
  return { ...ending(called.name, outcome), script: call.script };
}

/** The last of `[dirs]`, else B where that is, else WORKDIR. */
function workingDirectory({ world, recipe }: FunctionCalls, called: TaskFunction): string {
  const last = called.dirs.at(-1);
  if (last !== undefined) return last;
  return world.fs.existsSync(recipe.dirs.b) ? recipe.dirs.b : recipe.dirs.workdir;
}

async function runNative(calls: FunctionCalls, name: NativeName): Promise<CallsEnded> {
  try {
    await calls.native(name, calls.data);
    return { ok: true, hints: [] };
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    const place =
      error.place === undefined
        ? ''
        : `${error.place.file}${error.place.line === undefined ? '' : `:${error.place.line}`}: `;
    const message = `${place}${error.message}`;
    calls.world.fs.appendFileSync(calls.log, complaint(message, error.hints));
    return { ok: false, message, hints: error.hints };
  }
}

function ending(name: string, outcome: TaskOutcome): CallsEnded {
  if (outcome.fault !== undefined) return { ok: false, message: outcome.fault, hints: [] };
  if (outcome.exitCode === 0) return { ok: true, hints: [] };
  if (outcome.exitCode === null)
    return { ok: false, message: `${name} was ended by ${outcome.signal ?? 'a signal'}`, hints: [] };
  return {
    ok: false,
    exitCode: outcome.exitCode,
    message: `${name} ended with exit code ${outcome.exitCode}`,
    hints: [],
  };
}

/** Where the run script of a function is written: in T, under a name with the process, `run.do_x` leading there. */
export function scriptPath(recipe: LoadedRecipe, name: string, pid: number): string {
  return join(recipe.dirs.t, `run.${name}.${pid}`);
}
