import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findHostTools } from '../../lib/execution/tools/host-tools.ts';
import { createWorld } from '../../lib/world/world.ts';

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true, force: true });
});

/** A machine with these scripts: path below its root to text. */
function machine(scripts: Readonly<Record<string, string>>): {
  readonly root: string;
  readonly memo: string;
} {
  const root = fs.mkdtempSync(join(tmpdir(), 'varve-tools-'));
  made.push(root);
  for (const [path, text] of Object.entries(scripts)) install(join(root, path), text);
  return { root, memo: join(root, 'memo.json') };
}

function install(path: string, text: string): void {
  fs.mkdirSync(join(path, '..'), { recursive: true });
  fs.writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** Looks for tools with this PATH (directories below the root). */
function find(
  at: ReturnType<typeof machine>,
  path: readonly string[],
  names: readonly string[],
): ReturnType<typeof findHostTools> {
  const world = {
    ...createWorld(),
    env: { PATH: path.map((directory) => join(at.root, directory)).join(':') },
  };
  return findHostTools(world, { names, memo: at.memo, linked: join(at.root, 'hosttools') });
}

const none = (): undefined => undefined;

test('each name is found where PATH has it first; names that are not there are left out', () => {
  const at = machine({ 'a/sed': '', 'b/sed': '', 'b/awk': '' });
  fs.writeFileSync(join(at.root, 'a', 'awk'), 'not a program');
  const tools = find(at, ['a', 'gone', 'b'], ['sed', 'awk', 'make', 'sed']);
  expect([...tools.paths]).toEqual([
    ['awk', join(at.root, 'b/awk')],
    ['sed', join(at.root, 'a/sed')],
  ]);
});

test('a compiler cache and a shim give way to the program that they stand in for', () => {
  const at = machine({ 'real/ccache': '', 'bin/gcc': '', 'shims/meson': '', 'bin/meson': '' });
  fs.mkdirSync(join(at.root, 'cache'));
  fs.symlinkSync('../real/ccache', join(at.root, 'cache/gcc'));
  const tools = find(at, ['cache', 'shims', 'bin'], ['gcc', 'meson']);
  expect([...tools.paths.values()]).toEqual([join(at.root, 'bin/gcc'), join(at.root, 'bin/meson')]);
  expect(find(at, ['cache'], ['gcc']).paths.get('gcc')).toBe(join(at.root, 'cache/gcc'));
});

test('a python3 that is a script is the interpreter that it runs', () => {
  const at = machine({ 'versions/3.11/bin/python3.11': '' });
  install(join(at.root, 'shims/python3'), `echo ${join(at.root, 'versions/3.11/bin/python3.11')}`);
  expect(find(at, ['shims'], ['python3']).paths.get('python3')).toBe(
    join(at.root, 'versions/3.11/bin/python3.11'),
  );
});

test('the directory of links holds exactly the tools, and follows when they change', () => {
  const at = machine({ 'a/sed': '', 'a/awk': '', 'b/sed': '' });
  const links = join(at.root, 'hosttools');
  find(at, ['a'], ['sed', 'awk']).link();
  fs.writeFileSync(join(links, 'stray'), '');
  find(at, ['b', 'a'], ['sed']).link();
  expect(fs.readdirSync(links)).toEqual(['sed']);
  expect(fs.readlinkSync(join(links, 'sed'))).toBe(join(at.root, 'b/sed'));
});

test('who calls from where the links are has the programs that they lead to', () => {
  const at = machine({ 'a/sed': '' });
  find(at, ['a'], ['sed']).link();
  const within = find(at, ['hosttools'], ['sed']);
  within.link();
  expect([...within.paths.values()]).toEqual([join(at.root, 'a/sed')]);
  expect(fs.readlinkSync(join(at.root, 'hosttools/sed'))).toBe(join(at.root, 'a/sed'));
});

test('a program that serves many names by the name it is called by still does', () => {
  const at = machine({ 'bin/box': 'basename "$0"' });
  fs.symlinkSync('box', join(at.root, 'bin/cat'));
  find(at, ['bin'], ['cat']).link();
  const said = createWorld().run(join(at.root, 'hosttools/cat'), [], { env: { PATH: '/usr/bin:/bin' } });
  expect(said.stdout.toString()).toBe('cat\n');
});

test('an input tells the version and the checksum; a fleet may declare its own', () => {
  const at = machine({ 'bin/bison': 'echo; echo "bison 3.8"; echo more', 'bin/flex': 'exit 1' });
  const inputs = find(at, ['bin'], ['flex', 'bison']).inputs(
    { known: ['flex', 'bison', 'gperf'], added: [] },
    none,
  );
  expect(inputs.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['hosttool bison', 'hosttool flex']);
  expect(inputs[0]?.value).toMatch(/^bison 3\.8 sha256:[0-9a-f]{64}$/);
  expect(inputs[1]?.value).toMatch(/^sha256:[0-9a-f]{64}$/);
  // A program that nobody knows is not asked anything.
  const added = find(at, ['bin'], ['bison']).inputs({ known: [], added: ['bison'] }, none);
  expect(added[0]?.value).toMatch(/^sha256:[0-9a-f]{64}$/);
  const declared = find(at, ['bin'], ['bison']).inputs(
    { known: ['bison'], added: [] },
    (name) => `${name} of fleet-7`,
  );
  const path = join(at.root, 'bin/bison');
  expect(declared).toEqual([{ kind: 'hosttool', name: 'bison', value: 'bison of fleet-7', at: path }]);
});

test('a compiler is also its target and the programs it calls', () => {
  const at = machine({ 'lib/cc1': 'version 1' });
  const driver = `case $1 in -dumpmachine) echo x86_64-linux-gnu;; -print-prog-name=cc1) echo ${join(at.root, 'lib/cc1')};;
-print-prog-name=*) echo \${1#*=};; *) echo "gcc 12.2";; esac`;
  install(join(at.root, 'bin/gcc'), driver);
  const before = find(at, ['bin'], ['gcc']).inputs({ known: ['gcc'], added: [] }, none)[0]?.value;
  expect(before).toMatch(/^gcc 12\.2 x86_64-linux-gnu sha256:[0-9a-f]{64}$/);
  install(join(at.root, 'lib/cc1'), 'version 22');
  const after = find(at, ['bin'], ['gcc']).inputs({ known: ['gcc'], added: [] }, none)[0]?.value;
  expect(after).toMatch(/^gcc 12\.2 x86_64-linux-gnu sha256:/);
  expect(after).not.toBe(before);
});

test('a program that has not changed is not asked again', () => {
  const at = machine({});
  install(join(at.root, 'bin/perl'), `echo asked >> ${join(at.root, 'asked')}; echo perl 5`);
  const first = find(at, ['bin'], ['perl']).inputs({ known: ['perl'], added: [] }, none);
  expect(find(at, ['bin'], ['perl']).inputs({ known: ['perl'], added: [] }, none)).toEqual(first);
  expect(fs.readFileSync(join(at.root, 'asked'), 'utf8')).toBe('asked\n');
  fs.writeFileSync(at.memo, '{"damaged');
  expect(find(at, ['bin'], ['perl']).inputs({ known: ['perl'], added: [] }, none)).toEqual(first);
});
