/**
 * Tasks under fakeroot: to them files belong to whom they say. fakeroot is told before the task what the record knows of
 * owners, and tells afterwards what came of it, both in a file of a line a file.
 */
import { delimiter, join } from 'node:path';
import { inodeOf, type Given, type GivenByInode } from '../../history/adopt-given.ts';
import { fullPath } from '../../history/directory-access.ts';
import type { TaskRequest } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { below, isWithin, readMetadata } from '../../trees/tree-metadata.ts';
import { writeOwnFile } from '../task/own-directories.ts';
import { sizeOf } from '../task/run-notes.ts';
import { aroundTask, type FakerootXattrs } from './fakeroot-xattrs.ts';

/** How a task is put under fakeroot. */
export interface Fakeroot {
  /** Absolute. */
  readonly program: string;
  /** The file in T. */
  readonly state: string;
  /** What it is to know of extended attributes; absent: nothing. */
  readonly xattrs?: FakerootXattrs;
}

/** fakeroot is a script, which calls programs that no task need have. */
const ownPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Looks for the program where the caller finds programs; undefined where there is none. */
export function findFakeroot({ env, fs }: World): string | undefined {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((path) => path.startsWith('/'));
  return directories.map((path) => join(path, 'fakeroot')).find((path) => fs.existsSync(path));
}

/** Writes what fakeroot is to know before a task begins. */
export function tellFakeroot(world: World, { state }: Fakeroot, given: GivenByInode): void {
  const lines = [...given].map(([inode, { mode, uid, gid }]) => {
    const [dev, ino] = inode.split(' ');
    const id = `dev=${Number(dev).toString(16)},ino=${ino}`;
    return `${id},mode=${mode.toString(8)},uid=${uid},gid=${gid},nlink=1,rdev=0\n`;
  });
  writeOwnFile(world, state, lines.join(''));
}

/** What a task finds given in a sysroot, of one of the artifacts in it: owners, as far as their files are there. */
export function ownedIn({ fs }: World, dir: string, { objects, tree }: SysrootPart): GivenByInode {
  const { image, facts } = readMetadata(objects, tree);
  const owned = [...facts].filter(
    ([path, { uid, gid }]) => (uid ?? gid) !== undefined && isWithin(image, path),
  );
  const given = owned.flatMap(([path, { uid = 0, gid = 0 }]): readonly (readonly [string, Given])[] => {
    const at = fullPath(rawPath(dir), below(image, path));
    const stat = fs.lstatSync(at, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? [] : [[inodeOf(stat), { mode: Number(stat.mode), uid, gid }]];
  });
  return new Map(given);
}

/** The command that runs another one under fakeroot, in the same environment. */
export function underFakeroot(
  { program, state, xattrs }: Fakeroot,
  { command, env }: Pick<TaskRequest, 'command' | 'env'>,
): TaskRequest['command'] {
  const within = (path: string): readonly [string, string] => ['/usr/bin/env', `PATH=${path}`];
  return [
    ...within(ownPath),
    // In a namespace of its own a user may not even try: it is an error that fakeroot does not expect.
    'FAKEROOTDONTTRYCHOWN=1',
    program,
    '-i',
    state,
    '-s',
    state,
    '--',
    ...(xattrs === undefined ? [] : aroundTask(xattrs)),
    ...within(env['PATH'] ?? ''),
    ...command,
  ];
}

/** A file that tar gives attributes to is made by mknod without a kind: fakeroot would show it as none that programs know. */
export function mendKinds(world: World, { state }: Fakeroot): void {
  const text = stateText(world, state);
  const mended = text.replaceAll(
    /,mode=([0-7]{1,4}),/g,
    (_, mode: string) => `,mode=10${mode.padStart(4, '0')},`,
  );
  if (mended !== text) writeOwnFile(world, state, mended);
}

/** Reads what fakeroot told when the task had ended. */
export function toldByFakeroot(world: World, { state }: Fakeroot): GivenByInode {
  const text = stateText(world, state);
  return new Map(text.split('\n').flatMap((line) => toldLine(line) ?? []));
}

function stateText({ fs }: World, state: string): string {
  return sizeOf(fs, state) === undefined ? '' : fs.readFileSync(state, 'utf8');
}

function toldLine(line: string): [string, Given][] | undefined {
  const [, dev, ino, mode, uid, gid] =
    /^dev=([0-9a-f]+),ino=(\d+),mode=([0-7]+),uid=(\d+),gid=(\d+),/.exec(line) ?? [];
  if (dev === undefined || ino === undefined || mode === undefined) return undefined;
  const given = { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) };
  return [[`${Number.parseInt(dev, 16)} ${ino}`, given]];
}
