/** Calls the functions of a task in its WORKDIR, under fakeroot where the task asks for it. */
import { join } from 'node:path';
import type { GivenByInode } from '../../history/adopt-given.ts';
import type { OwnersHere } from '../../history/workplace.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import { hostToolsDir, type Places } from '../../terms/places.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { complaint } from './complaint.ts';
import { findFakeroot, tellFakeroot, toldByFakeroot, type Fakeroot } from '../fakeroot/fakeroot.ts';
import { tellXattrs, toldXattrs } from '../fakeroot/fakeroot-xattrs.ts';
import { isSet } from '../outline/is-set.ts';
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
  const xattrs = tellXattrs(world, site, owners.refused());
  const fakeroot = { program, state: join(site.recipe.dirs.t, 'fakeroot'), ...(xattrs && { xattrs }) };
  const owned = [...owners.give(site.scope), ...call.sysrootOwned()];
  tellFakeroot(world, fakeroot, new Map([...(xattrs?.given ?? []), ...owned]));
  const ended = await callAs(call, fakeroot);
  const isThere = world.fs.lstatSync(site.workdir, { throwIfNoEntry: false })?.isDirectory() === true;
  const given = { byInode: toldByFakeroot(world, fakeroot), xattrs: xattrs && toldXattrs(world, xattrs) };
  return { ...ended, unrecorded: isThere ? owners.adopt(site.scope, given) : [] };
}

/** It could only do something else than what its recipe says. */
function withoutFakeroot({ world, node, log }: TaskCall): Called {
  const message = `${node.shape.name} runs under fakeroot, and there is no program fakeroot in PATH`;
  const hints = ['Install fakeroot: on Debian, apt install fakeroot'];
  world.fs.appendFileSync(log, complaint(message, hints));
  return { ok: false, message, hints, unrecorded: [] };
}

function callAs(call: TaskCall, fakeroot: Fakeroot | undefined): Promise<CallsEnded> {
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
    network: fetches || isSet(data.flag(task, 'network')),
    fakeroot,
    umask: Number.parseInt(data.flag(task, 'umask') ?? '022', 8),
    signal: call.signal,
    native: call.native,
  });
}
