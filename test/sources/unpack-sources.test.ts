import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unpackSources } from '../../lib/sources/unpack-sources.ts';
import {
  failureOf,
  makeContext,
  makeDirectory,
  put,
  realWorld,
  tool,
  type TestContext,
} from './make-context.ts';

/** `PATH MODE CONTENT` of everything below a directory; directories end in a slash. */
function listing(dir: string, prefix = ''): readonly string[] {
  return readdirSync(dir)
    .toSorted()
    .flatMap((name) => {
      const path = join(dir, name);
      const stat = lstatSync(path);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) return [`${prefix}${name} -> ${readlinkSync(path)}`];
      if (!stat.isDirectory()) return [`${prefix}${name} ${mode} ${readFileSync(path, 'utf8').trim()}`];
      return [`${prefix}${name}/ ${mode}`, ...listing(path, `${prefix}${name}/`)];
    });
}

function unpacked(context: TestContext): readonly string[] {
  unpackSources(context);
  expect(readdirSync(context.workdir)).toEqual(['sources']);
  return listing(context.unpackDir);
}

/** A small source tree with what is special in it. */
function makeTree(): string {
  const dir = makeDirectory();
  put(join(dir, 'thing-1.0/configure'), 'run', 0o755);
  put(join(dir, 'thing-1.0/src/a.c'), 'code', 0o444);
  symlinkSync('src/a.c', join(dir, 'thing-1.0/link.c'));
  mkdirSync(join(dir, 'thing-1.0/empty'));
  tool(dir, 'ln', 'thing-1.0/src/a.c', 'thing-1.0/hard.c');
  tool(dir, 'chmod', 'u+s', 'thing-1.0/configure');
  utimesSync(join(dir, 'thing-1.0/src/a.c'), 1_500_000_000.25, 1_500_000_000.25);
  utimesSync(join(dir, 'thing-1.0/empty'), 1_500_000_000, 1_500_000_000);
  return dir;
}

const TREE = [
  'thing-1.0/ 755',
  'thing-1.0/configure 755 run',
  'thing-1.0/empty/ 755',
  'thing-1.0/hard.c 444 code',
  'thing-1.0/link.c -> src/a.c',
  'thing-1.0/src/ 755',
  'thing-1.0/src/a.c 444 code',
];

test.each([
  ['thing.tar', []],
  ['thing.tar.gz', ['-z']],
  ['thing.tgz', ['-z', '--format=ustar']],
  ['thing.tar.bz2', ['-j', '--format=gnu']],
  ['thing.tar.xz', ['-J', '--format=posix']],
  ['thing.tar.zst', ['--zstd']],
])('%s is unpacked as tar does it for an ordinary user with umask 022', (name, options) => {
  const context = makeContext(`file://${name}`);
  tool(makeTree(), 'tar', '-c', ...options, '-f', join(context.files, name), 'thing-1.0');
  expect(unpacked(context)).toEqual(TREE);
  const at = (file: string): string => join(context.unpackDir, 'thing-1.0', file);
  expect(lstatSync(at('hard.c')).ino).toBe(lstatSync(at('src/a.c')).ino);
  expect(Math.floor(lstatSync(at('src/a.c')).mtimeMs / 1000)).toBe(1_500_000_000);
  expect(lstatSync(at('empty')).mtimeMs).toBe(1_500_000_000_000);
});

test('times keep their fraction where the archive has one', () => {
  const context = makeContext('file://thing.tar');
  tool(makeTree(), 'tar', '-c', '--format=posix', '-f', join(context.files, 'thing.tar'), 'thing-1.0');
  unpackSources(context);
  expect(lstatSync(join(context.unpackDir, 'thing-1.0/src/a.c')).mtimeMs).toBeCloseTo(1_500_000_000_250, 0);
});

test.each(['gnu', 'posix'])('long names and links are read in the %s format', (format) => {
  const dir = makeDirectory();
  const long = `thing/${'d'.repeat(120)}/${'n'.repeat(130)}`;
  put(join(dir, long), 'x');
  symlinkSync('t'.repeat(150), join(dir, 'thing/link'));
  const context = makeContext('file://thing.tar');
  tool(dir, 'tar', '-c', `--format=${format}`, '-f', join(context.files, 'thing.tar'), 'thing');
  expect(unpacked(context)).toEqual([
    'thing/ 755',
    `thing/${'d'.repeat(120)}/ 755`,
    `${long} 644 x`,
    `thing/link -> ${'t'.repeat(150)}`,
  ]);
});

test('xz and bzip2 are decompressed by python3 where the programs are missing', () => {
  const path = makeDirectory();
  const python = tool('/', 'python3', '-c', 'import sys; print(sys.executable)').trim();
  symlinkSync(python, join(path, 'python3'));
  const context = makeContext('file://a.tar.xz file://b.tar.bz2', {
    world: { ...realWorld, env: { PATH: path } },
  });
  tool(makeTree(), 'tar', '-cJf', join(context.files, 'a.tar.xz'), 'thing-1.0/configure');
  tool(makeTree(), 'tar', '-cjf', join(context.files, 'b.tar.bz2'), 'thing-1.0/src/a.c');
  expect(unpacked(context).filter((line) => !line.includes('/ '))).toEqual([
    'thing-1.0/configure 755 run',
    'thing-1.0/src/a.c 444 code',
  ]);
});

test('a decompressor that is missing is named', async () => {
  const context = makeContext('file://a.zst', { world: { ...realWorld, env: { PATH: makeDirectory() } } });
  put(join(context.files, 'a.zst'), 'x');
  const error = await failureOf(() => unpackSources(context));
  expect([error.message, ...error.hints]).toEqual([
    `thing: nothing on this machine can decompress ${context.files}/a.zst`,
    'Install the program zstd.',
  ]);
});

test('striplevel takes directories off, subdir puts what is unpacked below a directory', () => {
  const context = makeContext('file://thing.tar;striplevel=1;subdir=sub/dir');
  tool(makeTree(), 'tar', '-cf', join(context.files, 'thing.tar'), 'thing-1.0');
  const below = TREE.slice(1).map((line) => line.replace('thing-1.0', 'sub/dir'));
  expect(unpacked(context)).toEqual(['sub/ 755', 'sub/dir/ 755', ...below]);
});

test('unpack=0 copies an archive as it is', () => {
  const context = makeContext('file://thing.tar.gz;unpack=0');
  put(join(context.files, 'thing.tar.gz'), 'no archive');
  expect(unpacked(context)).toEqual(['thing.tar.gz 644 no archive']);
});

test('single compressed files are decompressed, a zip is unpacked', () => {
  const context = makeContext('file://a.txt.gz file://b.txt.xz file://c.zip');
  const dir = makeDirectory();
  for (const name of ['a.txt', 'b.txt', 'in/c.txt']) put(join(dir, name), name);
  put(join(context.files, 'a.txt.gz'), '');
  tool(
    dir,
    'sh',
    '-c',
    `gzip -c a.txt >"${context.files}/a.txt.gz"; xz -c b.txt >"${context.files}/b.txt.xz"`,
  );
  tool(dir, 'python3', '-m', 'zipfile', '-c', join(context.files, 'c.zip'), 'in');
  expect(unpacked(context)).toEqual([
    'a.txt 644 a.txt',
    'b.txt 644 b.txt',
    'in/ 755',
    'in/c.txt 644 in/c.txt',
  ]);
});

test('links in a zip stay links, wherever they lead', () => {
  const context = makeContext('file://a.zip;subdir=one file://a.zip;subdir=two;striplevel=1');
  const script = `import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w')
for name, target in [('out', '/etc/passwd'), ('nowhere', 'gone'), ('in/up', '../out')]:
    link = zipfile.ZipInfo(name)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    archive.writestr(link, target)`;
  tool(context.files, 'python3', '-c', script, 'a.zip');
  expect(unpacked(context)).toEqual([
    'one/ 755',
    'one/in/ 755',
    'one/in/up -> ../out',
    'one/nowhere -> gone',
    'one/out -> /etc/passwd',
    'two/ 755',
    'two/up -> ../out',
  ]);
});

test('local files keep their directories; of their modes only whether they may be run counts', () => {
  const context = makeContext('file://sub/x.cfg file://tool.sh file://conf');
  put(join(context.files, 'sub/x.cfg'), 'x', 0o600);
  put(join(context.files, 'tool.sh'), 'y', 0o775);
  put(join(context.files, 'conf/deep/z'), 'z', 0o664);
  mkdirSync(join(context.files, 'conf/empty'));
  symlinkSync('deep/z', join(context.files, 'conf/link'));
  expect(unpacked(context)).toEqual([
    'conf/ 755',
    'conf/deep/ 755',
    'conf/deep/z 644 z',
    'conf/empty/ 755',
    'conf/link -> deep/z',
    'sub/ 755',
    'sub/x.cfg 644 x',
    'tool.sh 755 y',
  ]);
});

test('a download is copied under its name in DL_DIR, and one that is gone is told', async () => {
  const context = makeContext('https://h/x;downloadfilename=y.txt');
  const error = await failureOf(() => unpackSources(context));
  expect(error.message).toBe(
    `thing: ${context.downloadDir}/y.txt of "https://h/x;downloadfilename=y.txt" is gone`,
  );
  put(join(context.downloadDir, 'y.txt'), 'y');
  expect(unpacked(context)).toEqual(['y.txt 644 y']);
});

test('the umask of the caller changes nothing', () => {
  const context = makeContext('file://thing.tar file://x');
  tool(makeTree(), 'tar', '-cf', join(context.files, 'thing.tar'), 'thing-1.0');
  put(join(context.files, 'x'), 'x');
  // Threads have no umask of their own to set, so that the test sets it on files as they are made.
  const fs = { ...realWorld.fs, openSync: openWith077(), mkdirSync: mkdirWith077() };
  unpackSources({ ...context, world: { ...realWorld, fs } });
  expect(listing(context.unpackDir)).toEqual([...TREE, 'x 644 x']);
});

function openWith077(): typeof realWorld.fs.openSync {
  return (path, flags, mode) =>
    realWorld.fs.openSync(path, flags, typeof mode === 'number' ? mode & 0o700 : mode);
}

function mkdirWith077(): typeof realWorld.fs.mkdirSync {
  return ((path: string, options: unknown) =>
    realWorld.fs.mkdirSync(
      path,
      typeof options === 'number' ? options & 0o700 : (options as object),
    )) as never;
}

test('archives of unknown kinds are refused with those that are known', async () => {
  const context = makeContext('file://a.7z');
  put(join(context.files, 'a.7z'), '');
  const error = await failureOf(() => unpackSources(context));
  expect([error.fault, error.message]).toEqual([
    'metadata',
    'thing: varve does not unpack archives like a.7z',
  ]);
  expect(existsSync(join(context.workdir, 'sources/a.7z'))).toBe(false);
});
