import { delimiter, join } from 'node:path';
import type { World } from '../../ports/world.ts';
import type { XattrsThere, XattrTools } from '../../ports/xattr-tools.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { formatXattrs, parseXattrs } from '../../trees/xattrs.ts';
import { formatXattrDump, parseXattrDump } from './xattr-dump.ts';

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
const RECORDED = '^user\\.|^security\\.capability$';
/** What getfattr is to tell: of the paths themselves, whatever they are, and all that is recorded. */
export const GETFATTR: readonly string[] = getfattrArguments(RECORDED);
/** Access control lists, which are not recorded. */
const [ACL, DEFAULT_ACL] = ['system.posix_acl_access', 'system.posix_acl_default'];

function getfattrArguments(names: string): readonly string[] {
  return ['-P', '-h', '-d', '-m', names, '-e', 'base64', '--absolute-names'];
}

/** Bytes of paths that a command line is sure to take. */
const LINE = 60_000;

/** Where the two programs are. */
export interface XattrPrograms {
  readonly getfattr: string;
  readonly setfattr: string;
}

/** Looks for the programs where the caller finds programs (they are in the package attr); undefined where one is not. */
export function findXattrPrograms({ env: { PATH = '' }, fs }: World): XattrPrograms | undefined {
  const directories = PATH.split(delimiter).filter((path) => path.startsWith('/'));
  const find = (program: string): string | undefined =>
    directories.map((path) => join(path, program)).find((path) => fs.existsSync(path));
  const [getfattr, setfattr] = [find('getfattr'), find('setfattr')];
  return getfattr === undefined || setfattr === undefined ? undefined : { getfattr, setfattr };
}

/** Extended attributes by way of these programs; undefined where they are not here. */
export function findXattrTools(world: World): XattrTools | undefined {
  const programs = findXattrPrograms(world);
  if (programs === undefined) return undefined;
  const at = { world, ...programs };
  return { read: (dir, paths) => read(at, dir, paths), write: (dir, wanted) => write(at, dir, wanted) };
}

interface Tools extends XattrPrograms {
  readonly world: World;
}

function read({ world, getfattr }: Tools, dir: string, paths: readonly string[]): XattrsThere {
  if (paths.length === 0) return { words: new Map(), acls: [] };
  const names = getfattrArguments(`${RECORDED}|^system\\.posix_acl_`);
  const { stdout } = onPaths(world, { dir, paths: ['.', ...paths] }, [getfattr, ...names, '--']);
  const there = [...parseXattrDump(stdout)].map(([path, words]) => ({ path: path.slice(2), words }));
  const having = (name: string): readonly string[] =>
    there.flatMap(({ path, words }) => (` ${words}`.includes(` xattr.${name}=`) ? [path] : []));
  const recorded = there.flatMap(({ path, words }): [string, string][] => {
    const kept = path === '.' ? undefined : formatXattrs(parseXattrs(words));
    return kept === undefined ? [] : [[path, kept]];
  });
  return { words: new Map(recorded), acls: having(DEFAULT_ACL).includes('.') ? [] : having(ACL) };
}

/** Runs a program on paths below a directory: by way of xargs, unless a few plain words say it all. */
function onPaths(
  world: World,
  { dir, paths }: { readonly dir: string; readonly paths: readonly string[] },
  [program = '', ...args]: readonly string[],
): { readonly stdout: Buffer } {
  const all = paths.map((path) => `./${path}`);
  const text = all.join('\0');
  // oxlint-disable-next-line no-control-regex -- control characters are what separates them
  const isPlain = text.length < LINE && /^[\0-\x7f]*$/.test(text);
  if (isPlain) return world.run(program, [...args, ...all], { cwd: dir, env });
  return world.run('xargs', ['-0', program, ...args], { cwd: dir, env, input: Buffer.from(text, 'latin1') });
}

function write(tools: Tools, dir: string, wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { world, setfattr } = tools;
  const paths = [...wanted.keys()];
  removeOthers(tools, { dir, wanted, found: read(tools, dir, paths).words });
  const input = formatXattrDump(new Map([...wanted].map(([path, words]) => [`./${path}`, words])));
  const restore = ['-h', '--restore=-'];
  if (world.run(setfattr, restore, { cwd: dir, env, input }).status === 0) return new Map();
  // Capabilities are not a normal user's to give, except in a namespace of their own.
  world.run('unshare', ['--map-root-user', setfattr, ...restore], { cwd: dir, env, input });
  const now = read(tools, dir, paths).words;
  return new Map(
    [...wanted].flatMap(([path, words]) => {
      const left = lacking(words, now.get(path));
      return left === undefined ? [] : [[path, left]];
    }),
  );
}

interface Standing {
  readonly dir: string;
  readonly wanted: ReadonlyMap<string, string>;
  readonly found: ReadonlyMap<string, string>;
}

function removeOthers({ world, setfattr }: Tools, { dir, wanted, found }: Standing): void {
  const paths = new Map<string, string[]>();
  for (const [path, words] of found) {
    const right = parseXattrs(wanted.get(path));
    for (const name of parseXattrs(words).keys())
      if (!right.has(name)) paths.set(name, [...(paths.get(name) ?? []), path]);
  }
  for (const [name, at] of paths)
    onPaths(world, { dir, paths: at }, [setfattr, '-h', '-x', shownPath(name), '--']);
}

/** What of the attributes is missing in the others. */
function lacking(wanted: string, found: string | undefined): string | undefined {
  const known = parseXattrs(found);
  return formatXattrs(new Map([...parseXattrs(wanted)].filter(([name, value]) => known.get(name) !== value)));
}
