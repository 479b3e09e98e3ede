import type { World } from '../../ports/world.ts';
import type { AttributeProgram, XattrsThere, XattrTools } from '../../ports/xattr-tools.ts';
import { formatXattrs, parseXattrs } from '../../trees/xattrs.ts';
import { parseTold, readingLine, recordedIn, writingLine, type WordsByPath } from './xattr-lines.ts';

/** Access control lists, which are not recorded. */
const [ACL, DEFAULT_ACL] = ['system.posix_acl_access', 'system.posix_acl_default'];

/** Extended attributes by way of a program; undefined where there is none. */
export function findXattrTools(world: World): XattrTools | undefined {
  const program = world.attributes();
  return (
    program && {
      read: (dir, paths) => read(program, dir, paths),
      write: (dir, wanted) => write({ world, program, dir }, wanted),
    }
  );
}

function read(program: AttributeProgram, dir: string, paths: readonly string[]): XattrsThere {
  if (paths.length === 0) return { words: new Map(), acls: [] };
  const told = parseTold(program.ask(readingLine(dir, ['.', ...paths])));
  const handsDown = told.some(({ path, others }) => path === '.' && others.includes(DEFAULT_ACL));
  const below = told.filter(({ path }) => path !== '.');
  return {
    words: new Map(below.flatMap(({ path, words }) => (words === undefined ? [] : [[path, words]]))),
    acls: handsDown ? [] : below.flatMap(({ path, others }) => (others.includes(ACL) ? [path] : [])),
  };
}

interface Writing {
  readonly world: World;
  readonly program: AttributeProgram;
  readonly dir: string;
}

function write({ world, program, dir }: Writing, wanted: WordsByPath): WordsByPath {
  const question = writingLine(dir, wanted);
  const refused = lacking(wanted, recordedIn(program.ask(question)));
  if (refused.size === 0) return refused;
  // Capabilities are not a normal user's to give, except in a namespace of their own.
  const inNamespace = ['--map-root-user', ...program.command];
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
  world.run('unshare', inNamespace, { cwd: '/', env, input: Buffer.from(`${question}\n`) });
  return lacking(wanted, recordedIn(program.ask(readingLine(dir, [...wanted.keys()]))));
}

/** What of the attributes is missing in the others. */
function lacking(wanted: WordsByPath, found: WordsByPath): WordsByPath {
  return new Map(
    [...wanted].flatMap(([path, words]) => {
      const known = parseXattrs(found.get(path));
      const missing = [...parseXattrs(words)].filter(([name, value]) => known.get(name) !== value);
      const left = formatXattrs(new Map(missing));
      return left === undefined ? [] : [[path, left]];
    }),
  );
}
