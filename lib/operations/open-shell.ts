/** A shell where a task ended: its WORKDIR, its environment, its sysroot. */
import { resultsBelow } from '../execution/results-below.ts';
import { findLeft } from '../execution/find-left.ts';
import { holdBuildLock } from '../execution/hold-build-lock.ts';
import { openHostTools } from '../execution/open-host-tools.ts';
import { keepLeft } from '../execution/keep-left.ts';
import { createSite, type Site } from '../execution/site.ts';
import { moveWorkdir } from '../execution/workdir.ts';
import { taskEnvironment } from '../execution/task-environment.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { splitTaskId } from '../terms/ids.ts';
import { hostToolsDir } from '../terms/places.ts';
import { parseRevision, type Revision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { fillRecordedSysroot } from './fill-recorded-sysroot.ts';
import { findRecorded } from './find-recorded.ts';
import { openRecord } from './open-record.ts';
import { resolveTreeRevision } from './resolve-revision.ts';
import { warnThrough, type Say } from './say.ts';

export interface ShellRequest {
  readonly buildDir: string;
  readonly rev: string;
  /** Empty: an interactive shell. */
  readonly command: readonly string[];
  /** Keeps what the command prints, instead of letting it use the terminal. */
  readonly capture: boolean;
}

export interface ShellEnded {
  /** Of an interactive shell: 0, however it was left. */
  readonly status: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Puts the WORKDIR there, keeps what a person had in it, and runs a shell or one command. */
export async function openShell(world: World, request: ShellRequest, say: Say): Promise<ShellEnded> {
  const revision = parseRevision(request.rev);
  if (revision.kind === 'build') throw notAPlace(request.rev);
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const site = createSite(world, metadata.places, metadata.recipe(revision.recipe));
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve shell ${request.rev}`,
    wait: true,
    say,
  });
  let task: string | undefined;
  try {
    if (revision.kind === 'artifact' && revision.build === undefined) enterAsItIs(world, site);
    else task = enter({ world, metadata, site }, taskOf(revision), say);
    openHostTools(world, metadata).link();
  } finally {
    letGo();
  }
  const result = runShell({ world, metadata, site, task }, request, say);
  mentionEdits(world, site, say);
  return result;
}

type TreeRevision = Exclude<Revision, { kind: 'build' }>;

/** An artifact of a build has no WORKDIR; the one after do_install is what is meant. */
function taskOf(revision: TreeRevision): TreeRevision {
  return revision.kind === 'artifact' ? { ...revision, kind: 'task', task: 'do_install' } : revision;
}

function notAPlace(rev: string): VarveError {
  return new VarveError('usage', `"${rev}" is a build, and a shell stands in the WORKDIR of a recipe`, {
    hints: ['varve shell zlib:compile', 'varve shell zlib@12:compile'],
  });
}

function enterAsItIs(world: World, site: Site): void {
  if (world.fs.existsSync(site.workdir)) return;
  const { name } = site.recipe;
  throw new VarveError('usage', `${name} has no WORKDIR now`, {
    hints: [`varve shell ${name}:compile   puts it where do_compile ended`, `varve build -c compile ${name}`],
  });
}

interface Entering {
  readonly world: World;
  readonly metadata: Metadata;
  readonly site: Site;
}

/** The task whose environment and sysroot the shell has; undefined where the WORKDIR stands on none. */
function enter({ world, metadata, site }: Entering, revision: TreeRevision, say: Say): string | undefined {
  const { name } = site.recipe;
  const history = site.history();
  // First of all: the newest edits may be what is asked for.
  const left = keepLeft(world, site);
  const record = openRecord(world, metadata.places.buildDir);
  const resolved = resolveTreeRevision(record, revision);
  if (resolved.commit === undefined) throw new Error(`${resolved.rev} was resolved without its commit`);
  if (
    left?.kind === 'edits' &&
    [left.commit, resultsBelow(site, left.commit)[0]?.id].includes(resolved.commit)
  ) {
    say(`note: the WORKDIR is as you edited it; varve edit drop ${name} puts it back`);
  } else {
    if (left?.kind === 'edits')
      say(
        `note: the WORKDIR had edits; they are kept, and varve shell ${name}:edited@${left.number} brings them back`,
      );
    for (const warning of moveWorkdir(world, site, resolved.commit)) say(`warning: ${warning}`);
  }
  history.link();
  const done = resultsBelow(site, resolved.commit)[0];
  const task = resolved.task ?? (done === undefined ? undefined : splitTaskId(done.task).task);
  if (task === undefined) return undefined;
  const { recipe } = findRecorded(
    record,
    { arch: resolved.arch, recipe: name },
    resolved.build === undefined ? undefined : String(resolved.build),
  );
  fillRecordedSysroot(record, metadata, { site, inputs: recipe.inputs(task) ?? [] });
  return task;
}

interface Running {
  readonly world: World;
  readonly metadata: Metadata;
  readonly site: Site;
  readonly task: string | undefined;
}

function runShell(
  { world, metadata, site, task }: Running,
  { command, capture }: ShellRequest,
  say: Say,
): ShellEnded {
  const { data, dirs } = site.recipe;
  world.fs.mkdirSync(dirs.t, { recursive: true });
  const env = taskEnvironment({
    data: task === undefined ? data : data.withTask(task),
    workdir: dirs.workdir,
    t: dirs.t,
    sysrootNative: dirs.sysrootNative,
    hostTools: hostToolsDir(metadata.places),
  });
  const cwd = [dirs.b, dirs.s, dirs.workdir].find((dir) => world.fs.existsSync(dir)) ?? site.workdir;
  const [program = world.env['SHELL'] ?? '/bin/sh', ...args] = command;
  if (command.length === 0)
    say(`in ${cwd}, with the environment of ${task ?? 'a task'} (PATH holds HOSTTOOLS only); "exit" leaves`);
  const terminal = world.env['TERM'] === undefined ? {} : { TERM: world.env['TERM'] };
  const result = world.run(program, args, {
    cwd,
    env: { ...Object.fromEntries(env), ...terminal },
    inherit: !capture,
  });
  if (result.status === null && result.signal === null) {
    throw new VarveError('usage', `${program} cannot be started: ${result.stderr.toString('utf8')}`, {
      hints: ['a task finds only the programs that HOSTTOOLS lists'],
    });
  }
  const printed = capture
    ? { stdout: result.stdout.toString('utf8'), stderr: result.stderr.toString('utf8') }
    : {};
  return { status: command.length === 0 ? 0 : (result.status ?? 1), ...printed };
}

function mentionEdits(world: World, site: Site, say: Say): void {
  const left = findLeft(world, site);
  if (left === undefined || left.kind === 'unfinished') return;
  const { name } = site.recipe;
  say(
    `note: the WORKDIR has edits now; varve build -f -c compile ${name} goes on with them, varve edit drop ${name} puts it back`,
  );
}
