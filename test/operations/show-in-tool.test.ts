import { expect, test } from 'vitest';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { showInTool } from '../../lib/operations/comparing/show-in-tool.ts';
import type { RunResult } from '../../lib/ports/world.ts';
import type { MemoryWorld } from '../support/memory-world.ts';
import { buildDir, worldWithBuilds } from './recorded.ts';

/** Two builds of two recipes, and a shell that does what `tool` does. */
function compared(
  tool: (world: MemoryWorld, args: readonly string[]) => Partial<RunResult>,
  revs: [string, string],
): MemoryWorld {
  const stood = (bin: string, etc: Record<string, string>) => ({
    tasks: { do_install: { files: {} } },
    artifact: { 'usr/bin/app': bin, same: 'same', ...etc },
  });
  const world = worldWithBuilds(
    [
      { recipes: { app: stood('one', { 'etc/gone': 'gone' }), lib: stood('1', {}) } },
      { recipes: { app: stood('two', { new: 'new' }), lib: stood('2', {}) } },
    ],
    {
      run: (_program, args): RunResult => ({
        status: 0,
        signal: null,
        stdout: Buffer.alloc(0),
        stderr: Buffer.alloc(0),
        // What is not given both sides only asks whether there is such a program.
        ...(args.length > 2 && tool(world, args)),
      }),
    },
  );
  showInTool(world, diffRevisions(world, { buildDir, revs, paths: [] }), 'meld -n');
  return world;
}

/** All files below a directory, with what is in them. */
function filesBelow({ fs }: MemoryWorld, dir: string): Readonly<Record<string, string>> {
  const paths = fs.readdirSync(dir, { recursive: true }).map(String).toSorted();
  const files = paths.filter((path) => fs.lstatSync(`${dir}/${path}`).isFile());
  return Object.fromEntries(files.map((path) => [path, fs.readFileSync(`${dir}/${path}`, 'utf8')]));
}

test('a tool finds what differs on both sides, in directories that are gone afterwards', () => {
  const seen: unknown[] = [];
  const world = compared(
    (at, [, script, , left = '', right = '']) => {
      seen.push(
        script,
        left.replace(/.*\//, ''),
        filesBelow(at, left),
        right.replace(/.*\//, ''),
        filesBelow(at, right),
      );
      seen.push(at.fs.statSync(`${left}/usr/bin/app`).mode & 0o222);
      return { status: 1 };
    },
    ['app@1', 'app@2'],
  );
  expect(seen).toEqual([
    'meld -n "$@"',
    'app@1',
    { 'etc/gone': 'gone', 'usr/bin/app': 'one' },
    'app@2',
    { new: 'new', 'usr/bin/app': 'two' },
    0,
  ]);
  expect(world.fs.readdirSync('/tmp')).toEqual([]);
});

test('modes, owners and attributes that differ are told in a file on each side', () => {
  const world = worldWithBuilds([
    { recipes: { app: { tasks: {}, artifact: { 'bin/su': 'one', same: 'same' } } } },
    { recipes: { app: { tasks: {}, artifact: { 'bin/su': 'two', same: 'same', new: 'new' } } } },
  ]);
  const found = diffRevisions(world, { buildDir, revs: ['app@1', 'app@2'], paths: [] });
  const files = found.files.map((file) =>
    file.path === 'bin/su' && file.to
      ? { ...file, to: { ...file.to, mode: 0o104755, uid: 7, xattrs: 'xattr.user.a=eA==' } }
      : file,
  );
  const seen: unknown[] = [];
  const run = (_program: string, [, , , left, right]: readonly string[]): RunResult => {
    if (left !== undefined && right !== undefined)
      seen.push(filesBelow(world, left), filesBelow(world, right));
    return { status: 0, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  };
  showInTool({ ...world, run }, { ...found, files }, 'meld');
  expect(seen).toEqual([
    { '.varve-attributes': './bin/su type=file mode=0644\n', 'bin/su': 'one' },
    {
      '.varve-attributes': './bin/su type=file mode=4755 uid=7 xattr.user.a=eA==\n',
      'bin/su': 'two',
      new: 'new',
    },
  ]);
});

test('of two builds a tool finds the files of each recipe below its name', () => {
  let right: unknown;
  compared(
    (at, args) => {
      right = filesBelow(at, args[4] ?? '');
      return {};
    },
    ['@1', '@2'],
  );
  expect(right).toEqual({ 'app/new': 'new', 'app/usr/bin/app': 'two', 'lib/usr/bin/app': '2' });
});

test('a tool that is not there is told with what --tool takes', () => {
  expect(() => compared(() => ({ status: 127 }), ['app@1', 'app@2'])).toThrow(
    'meld was not found, and --tool names a command that is run here',
  );
  expect(() => compared(() => ({ status: null, signal: 'SIGINT' }), ['app@1', 'app@2'])).toThrow(
    'meld was ended before it was done',
  );
});
