import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../lib/cli/commands.ts';
import { main } from '../../lib/cli/main.ts';
import { version } from '../../lib/terms/version.ts';
import { metaFiles } from '../support/meta-files.ts';
import { memoryWorld, type MemoryWorldOptions } from '../support/memory-world.ts';

async function typed(line: string, options: MemoryWorldOptions = {}) {
  const world = memoryWorld(options);
  const exit = await main(world, line === '' ? [] : line.split(' '));
  return { exit, ...world.written() };
}

test('an unknown command exits with 2 and asks what was meant', async () => {
  expect(await typed('buil zlib')).toEqual({
    exit: 2,
    stdout: '',
    stderr:
      'error: there is no command "buil"\n' +
      'hint: did you mean "varve build"?\n' +
      'hint: varve --help   lists the commands\n',
  });
});

test('who leaves the command out is answered with varve build, where there is such a recipe', async () => {
  const files = {
    ...metaFiles(),
    '/l/conf/layer.conf':
      'BBFILES += "${LAYERDIR}/*.bb"\nBBFILE_COLLECTIONS += "l"\nBBFILE_PATTERN_l = "^/l/"\n',
    '/l/zlib_1.3.bb': 'SUMMARY = "none"\n',
    '/b/conf/bblayers.conf': 'BBLAYERS = "/l"\n',
    '/b/conf/local.conf': '',
  };
  const build =
    'error: there is no command "zlib"\nhint: varve build zlib   builds the recipe of that name\n';
  expect((await typed('zlib', { cwd: '/b/conf', files })).stderr).toContain(build);
  expect((await typed('zlig', { cwd: '/b/conf', files })).stderr).not.toContain('varve build');
  expect((await typed('zlib', { cwd: '/l', files })).stderr).not.toContain('varve build');
});

test('a missing word is said with the whole form of the command', async () => {
  const { exit, stderr } = await typed('restore zlib');
  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr:
      'error: something is missing in: varve restore <rev> <dir>\n' +
      'hint: varve restore --help   shows its options and examples\n',
  });
});

test.each([
  ['build --nonsense', 'varve build has no option --nonsense'],
  ['build --nam nightly app', 'varve build has no option --nam\nhint: did you mean "--name"?'],
  ['build -kz app', 'varve build has no option -z'],
  ['build app --name', '--name needs a value'],
  ['build -j', '-j needs a value'],
  ['log app -S -O0', '-S needs a value, and one that begins with "-" in the same word: -S=-O0'],
  ['build app --name --keep-going', '--name needs a value'],
  ['diff --stat --name-status a b', '--stat and --name-status are not given together'],
  ['completion tcsh', 'shell is bash or zsh or fish, not "tcsh"'],
  ['artifact revoke --builder=', '--builder needs a value'],
  ['build --name= app', '--name needs a value'],
  ['gc --dry-run=yes', '--dry-run takes no value, and "yes" would be one'],
  ['build -kn=1 app', '-n takes no value, and "1" would be one'],
  ['build app -n false', '-n takes no value, and "false" would be one'],
  ['artifact verify --json=no', '--json takes no value, and "no" would be one'],
  ['--frob', 'varve has no option --frob'],
  ['diff a b c', 'there is no place for "c" in: varve diff <from> [to]'],
  ['builds x', 'there is no place for "x" in: varve builds'],
  ['bisect app', 'bisect needs a command after --'],
  ['show zlib -- usr/lib', 'varve show takes no words after --, and there is "usr/lib"'],
  ['sysroot path zlib -- x', 'varve sysroot path takes no words after --, and there is "x"'],
  [
    'bisect x --good 1 --bad 2 --over months -- true',
    '--over takes builds or commits or inputs or tasks, not "months"',
  ],
  ['artifact', 'varve artifact needs one of list, show'],
  [
    'artifact shw zlib',
    'there is no command "varve artifact shw"\nhint: did you mean "varve artifact show"?',
  ],
  ['artifact show', 'something is missing in: varve artifact show <recipe>'],
  ['-B there bild', 'there is no command "bild"\nhint: did you mean "varve build"?'],
])('"varve %s": %s', async (line, said) => {
  const { exit, stdout, stderr } = await typed(line);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain(`error: ${said}`);
  expect(stderr).toContain('\nhint: varve ');
});

test.each(['cat zlib ', 'env zlib ', 'build ', 'sysroot owner zlib '])(
  'a word that is empty is told, and not taken for a name: "varve %s"',
  async (line) => {
    const spoken = `varve ${line.replace(/ (?:zlib )?$/, '')}`;
    expect((await typed(line)).stderr).toBe(
      `error: one of the words after "${spoken}" is empty\n` +
        'hint: "$NAME" of a variable that is not set is such a word\n' +
        `hint: ${spoken} --help   shows its options and examples\n`,
    );
  },
);

test('a layer that is named twice is written once', async () => {
  const { stdout } = await typed('init /b -l /l --layer /l --json', { files: { '/l/conf/layer.conf': '' } });
  expect(JSON.parse(stdout)).toMatchObject({ buildDir: '/b', layers: ['/l'] });
});

test('gc --idle --dry-run says what would go, and does nothing else', async () => {
  const files = { ...metaFiles(), '/b/conf/bblayers.conf': 'BBLAYERS = ""\n', '/b/conf/local.conf': '' };
  const { exit, stdout } = await typed('gc --idle --dry-run', { cwd: '/b', files });
  expect({ exit, stdout }).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('0 archives (0 bytes) would be removed'),
  });
});

test('an option given twice is refused, not read as a list', async () => {
  const { exit, stderr } = await typed('bisect x --good 1 --good 2 --bad 3 -- true');
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: 'error: --good was given more than once\n' });
});

test('under --json an error is a document on stdout too, and nothing else is there', async () => {
  const { stdout, exit } = await typed('--json frobnicate');
  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    schema: 1,
    error: {
      message: 'there is no command "frobnicate"',
      hints: ['varve --help   lists the commands'],
    },
  });
});

test('without a build directory a command says where it looked and how to make one', async () => {
  const { exit, stderr } = await typed('builds', { cwd: '/home/me/src', files: { '/home/me/src/x': '' } });
  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr:
      'error: no build directory: neither /home/me/src nor a directory above it has conf/bblayers.conf\n' +
      'hint: varve init DIR --layer LAYER   writes a build directory\n' +
      'hint: varve -B DIR …   names one that is elsewhere\n',
  });
});

test('what -B names must be a build directory', async () => {
  const { exit, stderr } = await typed('builds -B there', { cwd: '/home' });
  expect(exit).toBe(2);
  expect(stderr).toContain('error: there is not a build directory: it has no conf/bblayers.conf\n');
});

test('every command has help with an example of its own', async () => {
  for (const command of commands) {
    const name = command.command.split(' ')[0] ?? '';
    const { exit, stdout } = await typed(`${name} --help`);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}varve /m);
    expect(command.examples.every(([line]) => line.startsWith('varve '))).toBe(true);
  }
});

test('the version is that of the package', () => {
  const { version: packaged } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(version).toBe(packaged);
});

test('--help and --version work anywhere and load no operation', async () => {
  expect(await typed('--version')).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  expect((await typed('--help')).stdout).toContain('varve build <target..>');
});
