/**
 * Extended attributes under fakeroot, which shows none of the disk's, and forgets what it is given with its process. So
 * each call is told before what is there, and tells at its end what came of it.
 */
import { join } from 'node:path';
import { type GivenByInode, inodeOf } from '../../history/adopt-given.ts';
import { fullPath } from '../../history/directory-access.ts';
import type { World } from '../../ports/world.ts';
import { rawPath } from '../../trees/raw-text.ts';
import {
  formatTold,
  readingAllLine,
  recordedIn,
  writingLine,
  type WordsByPath,
} from '../hands/xattr-lines.ts';
import { shellWord } from '../../terms/shell-word.ts';
import { writeOwnFile } from '../task/own-directories.ts';
import type { Site } from '../workdir/site.ts';

export interface FakerootXattrs {
  /** The program that reads and sets them. */
  readonly program: readonly string[];
  /** The directory whose attributes are told. */
  readonly dir: string;
  /** The file in T that tells of them. */
  readonly told: string;
  /** What has any, as root's: fakeroot would take it for its user's. */
  readonly given: GivenByInode;
}

/** Writes down what is in a WORKDIR, sysroots and all; undefined where no program reads it. */
export function tellXattrs(world: World, site: Site, refused: WordsByPath): FakerootXattrs | undefined {
  const program = world.attributes();
  if (program === undefined) return undefined;
  const { workdir, t } = site.recipe.dirs;
  const told = join(t, 'fakeroot.xattrs');
  const all = new Map([...refused, ...recordedIn(program.ask(readingAllLine(workdir)))]);
  writeOwnFile(world, told, formatTold(all));
  return { program: program.command, dir: workdir, told, given: asRoots(world, workdir, [...all.keys()]) };
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
export function toldXattrs({ fs }: World, { told }: FakerootXattrs): WordsByPath {
  return recordedIn(fs.existsSync(told) ? fs.readFileSync(told, 'latin1').trimEnd() : '');
}

/** The words before a command that is to find the attributes, and to tell of them. */
export function aroundTask({ program, dir, told }: FakerootXattrs): readonly string[] {
  const ask = program.map(shellWord).join(' ');
  const script = [
    'told=$1 write=$2 read=$3',
    'shift 3',
    `printf '%s%s\\n' "$write" "$(cat "$told")" | ${ask} >/dev/null`,
    '"$@"',
    'code=$?',
    `printf '%s\\n' "$read" | ${ask} > "$told"`,
    'exit $code',
  ];
  const questions = [writingLine(dir, new Map()), readingAllLine(dir)];
  return ['/bin/sh', '-c', script.join('\n'), 'sh', told, ...questions];
}
