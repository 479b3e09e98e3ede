import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applySysroot, fillSysroot } from '../../lib/sysroot/apply-sysroot.ts';
import { composeSysroot, type SysrootPart } from '../../lib/sysroot/compose-sysroot.ts';
import { ownersOf, readManifest } from '../../lib/sysroot/sysroot-manifest.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

let top: string;
beforeEach(() => {
  top = fs.mkdtempSync(join(tmpdir(), 'varve-sysroot-'));
});
afterEach(() => {
  fs.rmSync(top, { recursive: true, force: true });
});

const place = (): { readonly dir: string; readonly manifest: string } => ({
  dir: join(top, 'work/recipe-sysroot'),
  manifest: join(top, 'sysroots/app.json'),
});

/** The artifact of a recipe, with a history of its own. */
function part(recipe: string, image: Readonly<Record<string, Planted>>, time?: number): SysrootPart {
  const objects = memoryObjects();
  const tree = artifactOf(objects, image);
  return time === undefined ? { recipe, objects, tree } : { recipe, objects, tree, time };
}

/** Everything below a directory: type, rights, path, and content or target. */
function found(dir: string): readonly string[] {
  return fs
    .readdirSync(dir, { recursive: true, encoding: 'latin1' })
    .sort()
    .map((path) => {
      const full = Buffer.from(`${dir}/${path}`, 'latin1');
      const stats = fs.lstatSync(full);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isDirectory()) return `d ${mode} ${path}`;
      if (stats.isSymbolicLink()) return `l ${path} ${fs.readlinkSync(full, 'latin1')}`;
      return `f ${mode} ${path} ${fs.readFileSync(full, 'latin1')}`;
    });
}

const ZLIB = part('zlib', {
  'usr/lib/libz.so.1': { text: 'z', mode: 0o755 },
  'usr/lib/libz.so': { link: 'libz.so.1' },
});
const EXPAT = part('expat', { 'usr/include/expat.h': 'e', 'usr/share/empty': { dir: 0o750 } });

const BOTH = [
  'd 755 usr',
  'd 755 usr/include',
  'f 644 usr/include/expat.h e',
  'd 755 usr/lib',
  'l usr/lib/libz.so libz.so.1',
  'f 755 usr/lib/libz.so.1 z',
  'd 755 usr/share',
  'd 750 usr/share/empty',
];

test('a sysroot holds what its artifacts hold, whatever the umask', () => {
  const before = process.umask(0o077);
  try {
    fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  } finally {
    process.umask(before);
  }
  expect(found(place().dir)).toEqual(BOTH);
});

test('it works on any file system', () => {
  const memory = memoryFileSystem();
  const where = { dir: '/work/sysroot', manifest: '/sysroots/app.json' };
  expect(fillSysroot(memory, { ...where, parts: [ZLIB, EXPAT] })).toEqual({
    written: 8,
    removed: 0,
    tampered: [],
  });
  expect(memory.readFileSync('/work/sysroot/usr/lib/libz.so', 'utf8')).toBe('z');
  expect(fillSysroot(memory, { ...where, parts: [EXPAT] })).toEqual({ written: 0, removed: 3, tampered: [] });
  expect(memory.readdirSync('/work/sysroot/usr')).toEqual(['include', 'share']);
});

test('names need not be UTF-8', () => {
  fillSysroot(fs, { ...place(), parts: [part('a', { 'caf\u00e9': 'x' })] });
  expect(found(place().dir)).toEqual(['f 644 caf\u00e9 x']);
  expect(fillSysroot(fs, { ...place(), parts: [], verify: true }).tampered).toEqual([]);
  expect(found(place().dir)).toEqual([]);
});

test('a name with a newline, a quote or a backslash is one name, also the next time', () => {
  const image = { 'a\n1:2": [': 'x', 'a\\n': { link: 'b\nc' }, 'd\n/e\r': 'y' };
  const parts = [part('odd', image)];
  fillSysroot(fs, { ...place(), parts });
  expect(fillSysroot(fs, { ...place(), parts, verify: true })).toEqual({
    written: 0,
    removed: 0,
    tampered: [],
  });
  expect([...(readManifest(fs, place().manifest)?.entries.keys() ?? [])]).toEqual([
    'a\n1:2": [',
    'a\\n',
    'd\n',
    'd\n/e\r',
  ]);
});

test('only the difference is written, and nothing of a recipe that left stays behind', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  const { ino, ctimeNs } = fs.lstatSync(join(place().dir, 'usr/include/expat.h'), { bigint: true });
  const newer = part('zlib', {
    'usr/lib/libz.so.2': { text: 'z', mode: 0o755 },
    'usr/lib/libz.so': { link: 'libz.so.2' },
  });
  const applied = fillSysroot(fs, { ...place(), parts: [newer, EXPAT] });
  expect(applied).toEqual({ written: 2, removed: 2, tampered: [] });
  expect(fs.lstatSync(join(place().dir, 'usr/include/expat.h'), { bigint: true })).toMatchObject({
    ino,
    ctimeNs,
  });
  expect(fillSysroot(fs, { ...place(), parts: [EXPAT] })).toMatchObject({ written: 0, removed: 3 });
  expect(found(place().dir)).toEqual(BOTH.filter((line) => !line.includes('usr/lib')));
  expect(fillSysroot(fs, { ...place(), parts: [] })).toMatchObject({ written: 0, removed: 5 });
  expect(found(place().dir)).toEqual([]);
});

test('a path may change from file to directory to link', () => {
  const shapes: readonly Record<string, Planted>[] = [
    { x: '1' },
    { 'x/y': '2' },
    { x: { link: 'z' } },
    { 'x/y/z': '3' },
    { x: '4' },
  ];
  for (const image of shapes) fillSysroot(fs, { ...place(), parts: [part('a', image)] });
  expect(found(place().dir)).toEqual(['f 644 x 4']);
});

test('nothing is touched where the parts are those of last time', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB] });
  const { ino, mtimeNs } = fs.lstatSync(place().manifest, { bigint: true });
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB] })).toEqual({ written: 0, removed: 0, tampered: [] });
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB], verify: true })).toEqual({
    written: 0,
    removed: 0,
    tampered: [],
  });
  expect(fs.lstatSync(place().manifest, { bigint: true })).toMatchObject({ ino, mtimeNs });
});

test('a clash leaves the sysroot as it was', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  const rival = part('rival', { 'usr/include/expat.h': 'other' });
  expect(() => fillSysroot(fs, { ...place(), parts: [EXPAT, rival] })).toThrow(
    'expat and rival both hold usr/include/expat.h',
  );
  expect(found(place().dir)).toEqual(BOTH);
});

test('files are copies: writing to one changes no other sysroot', () => {
  const other = { dir: join(top, 'other'), manifest: join(top, 'other.json') };
  fillSysroot(fs, { ...place(), parts: [ZLIB, part('twin', { twin: { hardlink: 'u' }, u: 'u' })] });
  fillSysroot(fs, { ...other, parts: [ZLIB] });
  fs.appendFileSync(join(place().dir, 'usr/lib/libz.so.1'), 'evil');
  expect(fs.readFileSync(join(other.dir, 'usr/lib/libz.so.1'), 'utf8')).toBe('z');
  expect(fs.lstatSync(join(place().dir, 'twin')).nlink).toBe(1);
});

test('what a task did to its sysroot is found, told and put right', () => {
  const { dir } = place();
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  fs.writeFileSync(join(dir, 'usr/lib/libz.so.1'), 'Z');
  fs.rmSync(join(dir, 'usr/lib/libz.so'));
  fs.chmodSync(join(dir, 'usr/include/expat.h'), 0o600);
  fs.chmodSync(join(dir, 'usr/share'), 0o777);
  fs.mkdirSync(join(dir, 'new/deep'), { recursive: true });
  fs.writeFileSync(join(dir, 'new/deep/file'), '');
  fs.chmodSync(join(dir, 'new'), 0);
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT], verify: true }).tampered).toEqual([
    { path: 'new', how: 'added' },
    { path: 'usr/include/expat.h', how: 'changed' },
    { path: 'usr/lib/libz.so', how: 'removed' },
    { path: 'usr/lib/libz.so.1', how: 'changed' },
    { path: 'usr/share', how: 'changed' },
  ]);
  expect(found(dir)).toEqual(BOTH);
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT], verify: true }).tampered).toEqual([]);
});

test('a change of the same size with the old time is found', () => {
  const file = join(place().dir, 'usr/include/expat.h');
  fillSysroot(fs, { ...place(), parts: [EXPAT] });
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, 'E');
  fs.utimesSync(file, atime, mtime);
  expect(fillSysroot(fs, { ...place(), parts: [EXPAT], verify: true }).tampered).toEqual([
    { path: 'usr/include/expat.h', how: 'changed' },
  ]);
});

test('files that were only touched or moved elsewhere whole are not called changed', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  fs.utimesSync(join(place().dir, 'usr/include/expat.h'), 1, 1);
  const moved = { ...place(), dir: join(top, 'moved') };
  fs.cpSync(place().dir, moved.dir, { recursive: true, verbatimSymlinks: true });
  expect(fillSysroot(fs, { ...moved, parts: [ZLIB, EXPAT], verify: true }).tampered).toEqual([]);
});

test('a directory that became a link to elsewhere is not followed', () => {
  const { dir } = place();
  const elsewhere = join(top, 'elsewhere');
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  fs.mkdirSync(join(elsewhere, 'share'), { recursive: true });
  fs.writeFileSync(join(elsewhere, 'share/precious'), 'mine');
  fs.rmSync(join(dir, 'usr/lib'), { recursive: true });
  fs.symlinkSync(join(elsewhere, 'share'), join(dir, 'usr/lib'));
  fs.symlinkSync(elsewhere, join(dir, 'opt'));
  const opt = part('opt', { 'opt/share/precious': 'overwritten' });
  const applied = fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT, opt] });
  expect(applied.tampered.map(({ path, how }) => `${path} ${how}`)).toEqual([
    'opt added',
    'usr/lib changed',
    'usr/lib/libz.so removed',
    'usr/lib/libz.so.1 removed',
  ]);
  expect(fs.readFileSync(join(elsewhere, 'share/precious'), 'utf8')).toBe('mine');
  expect(fs.readdirSync(elsewhere)).toEqual(['share']);
  expect(found(dir).filter((line) => line.includes('usr'))).toEqual(BOTH);
});

test('a foreign link in the way of something new is not followed, and told', () => {
  const elsewhere = join(top, 'elsewhere');
  fs.mkdirSync(elsewhere);
  fillSysroot(fs, { ...place(), parts: [ZLIB] });
  fs.symlinkSync(elsewhere, join(place().dir, 'opt'));
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB, part('opt', { 'opt/x': '1' })] }).tampered).toEqual([
    { path: 'opt', how: 'added' },
  ]);
  expect(fs.readdirSync(elsewhere)).toEqual([]);
});

test('without its manifest, or without the directory, a sysroot is made from nothing', () => {
  const { dir, manifest } = place();
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  fs.writeFileSync(join(dir, 'stale'), '');
  fs.writeFileSync(manifest, '{"schema":1');
  expect(fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] }).tampered).toEqual([]);
  expect(found(dir)).toEqual(BOTH);
  fs.rmSync(dir, { recursive: true });
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  expect(found(dir)).toEqual(BOTH);
});

test('an interrupted change is made good', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB] });
  const composition = composeSysroot([EXPAT]);
  const content = (): never => {
    throw new Error('interrupted');
  };
  expect(() => applySysroot(fs, { ...composition, content }, place())).toThrow('interrupted');
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  expect(found(place().dir)).toEqual(BOTH);
});

test('files have the time of their artifact, but for those that replace others', () => {
  const header = join(place().dir, 'usr/include/z.h');
  fillSysroot(fs, { ...place(), parts: [part('zlib', { 'usr/include/z.h': '1' }, 1_000_000_000)] });
  expect(fs.statSync(header).mtimeMs).toBe(1_000_000_000_000);
  fillSysroot(fs, { ...place(), parts: [part('zlib', { 'usr/include/z.h': '2' }, 1_000_000_000)] });
  expect(fs.statSync(header).mtimeMs).toBeGreaterThan(1_500_000_000_000);
});

test('directories have one time, whatever was written into them and removed from them since', () => {
  const times = (): readonly string[] =>
    ['', 'usr', 'usr/include', 'usr/share', 'usr/share/empty']
      .map((path) => fs.statSync(join(place().dir, path)).mtime)
      .map((time) => time.toISOString());
  const always = Array.from({ length: 5 }, () => '2020-01-01T00:00:00.000Z');
  fillSysroot(fs, { ...place(), parts: [part('zlib', { 'usr/include/z': { text: 'z' }, opt: 'x' }), EXPAT] });
  expect(times()).toEqual(always);
  fillSysroot(fs, { ...place(), parts: [EXPAT, part('zlib', { opt: { dir: 0o755 } })] });
  expect(times()).toEqual(always);
  fs.writeFileSync(join(place().dir, 'usr/share/stray'), '');
  fillSysroot(fs, { ...place(), parts: [EXPAT], verify: true });
  expect(times()).toEqual(always);
});

test('every path has its owners', () => {
  fillSysroot(fs, { ...place(), parts: [ZLIB, EXPAT] });
  const manifest = readManifest(fs, place().manifest);
  if (manifest === undefined) throw new Error('no manifest');
  const owners = ['usr/lib/libz.so', '/usr/include/expat.h', 'usr/', '', 'nowhere'].map((path) =>
    ownersOf(manifest, path),
  );
  expect(owners).toEqual([['zlib'], ['expat'], ['expat', 'zlib'], ['expat', 'zlib'], []]);
});
