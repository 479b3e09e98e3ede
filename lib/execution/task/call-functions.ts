/** Calls the functions of a task in its WORKDIR, under fakeroot where the task asks for it. */
import { join } from 'node:path';
import type { GivenByInode } from '../../history/adopt-given.ts';
import type { OwnersHere } from '../../history/workplace.ts';
import type { Instead, TaskRunner } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import { hostToolsDir, type Places } from '../../terms/places.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { complaint } from './complaint.ts';
import { findFakeroot, tellFakeroot, toldByFakeroot, type Fakeroot } from '../fakeroot/fakeroot.ts';
import { tellXattrs, toldXattrs } from '../fakeroot/fakeroot-xattrs.ts';
import { isSet } from '../outline/is-set.ts';
import { knownOwners } from './known-owners.ts';
import { runFunctions, type CallsEnded } from './run-functions.ts';
import type { NativeCall } from './split-body.ts';
import type { Site } from '../workdir/site.ts';

/** What the functions of a task need; its result is another matter. */
export interface TaskCall {
  readonly world: World;
  readonly places: Places;
  readonly site: Site;
  readonly node: TaskNode;
  readonly runner: TaskRunner;
  readonly log: string;
  readonly signal: AbortSignal;
  readonly readOnly: readonly string[];
  /** Of the directory that it works in. */
  readonly owners: OwnersHere;
  /** What in its sysroots belongs to others than root. */
  readonly sysrootOwned: () => GivenByInode;
  readonly native: NativeCall;
}

export interface Called extends CallsEnded {
  /** What it left under fakeroot that is not recorded. */
  readonly unrecorded: readonly string[];
}

/** Calls them; where there is no fakeroot, a task that asks for it fails. */
export async function callFunctions(call: TaskCall): Promise<Called> {
  const { world, site, node, owners } = call;
  const task = node.shape.name;
  if (!isSet(site.recipe.data.flag(task, 'fakeroot')))
    return { ...(await callAs(call, undefined)), unrecorded: [] };
  const program = findFakeroot(world);
  if (program === undefined) return withoutFakeroot(call);
  const known = ownersKnown(call);
  if ('ok' in known) return known;
  const xattrs = tellXattrs(world, site, owners.refused());
  const fakeroot = { program, state: join(site.recipe.dirs.t, 'fakeroot'), ...(xattrs && { xattrs }) };
  const owned = [...owners.give(site.scope), ...call.sysrootOwned()];
  tellFakeroot(world, fakeroot, new Map([...(xattrs?.given ?? []), ...owned]));
  const ended = await callAs(call, fakeroot, known.instead);
  const isThere = world.fs.lstatSync(site.workdir, { throwIfNoEntry: false })?.isDirectory() === true;
  const given = { byInode: toldByFakeroot(world, fakeroot), xattrs: xattrs && toldXattrs(world, xattrs) };
  const unrecorded = isThere ? owners.adopt(site.scope, given) : [];
  const isAsked = known.instead.length > 0 && call.runner.kind !== 'namespaces';
  const before = new Map(owned);
  const gave = [...given.byInode].some(([inode, { uid, gid }]) => !before.has(inode) && uid + gid > 0);
  return ended.ok && isAsked && gave ? { ...askedMachine(call), unrecorded } : { ...ended, unrecorded };
}

/** Where there are no namespaces, names are those of the machine: some of them may well be the recipe's. */
function askedMachine({ world, node, log }: TaskCall): CallsEnded {
  const message = `${node.shape.name} gave files to users, and whom it named this machine has answered`;
  const hints = [
    'users of USERADD_PARAM are known behind walls only, for which the kernel has to give namespaces to unshare -rm',
  ];
  world.fs.appendFileSync(log, complaint(message, hints));
  return { ok: false, message, hints };
}

/** Whom the task may give files to by name. */
function ownersKnown({
  world,
  site,
  node,
  log,
}: TaskCall): Called | { readonly instead: readonly Instead[] } {
  try {
    return { instead: knownOwners(world, site.recipe, node.shape.name) };
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    const { message, hints } = error;
    world.fs.appendFileSync(log, complaint(message, hints));
    return { ok: false, message, hints, unrecorded: [] };
  }
}

/** It could only do something else than what its recipe says. */
function withoutFakeroot({ world, node, log }: TaskCall): Called {
  const message = `${node.shape.name} runs under fakeroot, and there is no program fakeroot in PATH`;
  const hints = ['Install fakeroot: on Debian, apt install fakeroot'];
  world.fs.appendFileSync(log, complaint(message, hints));
  return { ok: false, message, hints, unrecorded: [] };
}

function callAs(
  call: TaskCall,
  fakeroot: Fakeroot | undefined,
  instead: readonly Instead[] = [],
): Promise<CallsEnded> {
  const { world, places, site, node } = call;
  const task = node.shape.name;
  const data = site.recipe.data.withTask(task);
  const fetches = task === 'do_fetch';
  return runFunctions({
    world,
    recipe: site.recipe,
    data,
    task,
    runner: call.runner,
    log: call.log,
    hostTools: hostToolsDir(places),
    writable: fetches ? [places.downloadDir] : [],
    readOnly: call.readOnly,
    instead,
    network: fetches || isSet(data.flag(task, 'network')),
    fakeroot,
    umask: Number.parseInt(data.flag(task, 'umask') ?? '022', 8),
    signal: call.signal,
    native: call.native,
  });
}
