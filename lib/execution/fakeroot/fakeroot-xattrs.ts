/**
 * Extended attributes under fakeroot, which shows none of the disk's, and forgets what it is given with its process. So
 * each call is told before what is there, and tells at its end what came of it.
 */
import { join } from 'node:path';
import { type GivenByInode, inodeOf } from '../../history/adopt-given.ts';
import { fullPath } from '../../history/directory-access.ts';
import type { World } from '../../ports/world.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { findXattrPrograms, GETFATTR, type XattrPrograms } from '../hands/find-xattr-tools.ts';
import { formatXattrDump, parseXattrDump } from '../hands/xattr-dump.ts';
import { writeOwnFile } from '../task/own-directories.ts';
import { quoted } from '../task/run-script.ts';
import type { Site } from '../workdir/site.ts';

export interface FakerootXattrs extends XattrPrograms {
  /** The directory whose attributes are told. */
  readonly dir: string;
  /** The file in T that tells of them. */
  readonly dump: string;
  /** What has any, as root's: fakeroot would take it for its user's. */
  readonly given: GivenByInode;
}

type ByPath = ReadonlyMap<string, string>;

/** Writes down what is in a WORKDIR, sysroots and all; undefined where no program reads it. */
export function tellXattrs(world: World, site: Site, refused: ByPath): FakerootXattrs | undefined {
  const programs = findXattrPrograms(world);
  if (programs === undefined) return undefined;
  const { workdir, t } = site.recipe.dirs;
  const dump = join(t, 'fakeroot.xattrs');
  const { stdout } = world.run(programs.getfattr, [...GETFATTR, '-R', '--', '.'], { cwd: workdir, env: {} });
  const known = new Map([...refused].map(([path, words]) => [`./${path}`, words]));
  const all = new Map([...known, ...parseXattrDump(stdout)]);
  writeOwnFile(world, dump, formatXattrDump(all));
  return { ...programs, dir: workdir, dump, given: asRoots(world, workdir, [...all.keys()]) };
}

function asRoots({ fs }: World, dir: string, paths: readonly string[]): GivenByInode {
  return new Map(
    paths.flatMap((path) => {
      const stat = fs.lstatSync(fullPath(rawPath(dir), path), { bigint: true, throwIfNoEntry: false });
      return stat === undefined
        ? []
        : [[inodeOf(stat), { mode: Number(stat.mode), uid: 0, gid: 0 }] as const];
    }),
  );
}

/** Reads what was told at the end, by path. */
export function toldXattrs({ fs }: World, { dump }: FakerootXattrs): ByPath {
  const text = fs.existsSync(dump) ? fs.readFileSync(dump) : Buffer.alloc(0);
  return new Map([...parseXattrDump(text)].map(([path, words]) => [path.slice(2), words]));
}

/** The words before a command that is to find the attributes, and to tell of them. */
export function aroundTask({ getfattr, setfattr, dir, dump }: FakerootXattrs): readonly string[] {
  const script = [
    'get=$1 set=$2 dir=$3 dump=$4',
    'shift 4',
    '(cd "$dir" && "$set" -h --restore="$dump")',
    '"$@"',
    'code=$?',
    `(cd "$dir" && "$get" ${GETFATTR.map(quoted).join(' ')} -R -- . > "$dump")`,
    'exit $code',
  ];
  return ['/bin/sh', '-c', script.join('\n'), 'sh', getfattr, setfattr, dir, dump];
}
