import { expect, test } from 'vitest';
import type { FileSystem } from '../../lib/ports/world.ts';
import { fillSysroot } from '../../lib/sysroot/apply-sysroot.ts';
import type { SysrootPart } from '../../lib/sysroot/compose-sysroot.ts';
import { Stopped, stoppingFiles } from '../support/failing-files.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

const place = { dir: '/work/sysroot', manifest: '/sysroots/app' };

function part(recipe: string, image: Readonly<Record<string, Planted>>): SysrootPart {
  const objects = memoryObjects();
  return { recipe, objects, tree: artifactOf(objects, image) };
}

const ZLIB = part('zlib', { 'usr/lib/libz.so.1': 'z', 'usr/lib/libz.so': { link: 'libz.so.1' } });
const NEWER = part('zlib', { 'usr/include/z.h': 'h', 'usr/lib/libz.so.2': 'z2' });
const EXPAT = part('expat', { 'usr/include/expat.h': 'e' });
/** Whoever asks for its objects finds none. */
const UNREAD: SysrootPart = { ...EXPAT, objects: memoryObjects() };

/** Each path with its content; of a directory and a link none. */
function found(fs: FileSystem): Readonly<Record<string, string>> {
  const paths = fs.readdirSync(place.dir, { recursive: true }).map(String).sort();
  const text = (path: string): string =>
    fs.lstatSync(`${place.dir}/${path}`).isFile() ? fs.readFileSync(`${place.dir}/${path}`, 'utf8') : '';
  return Object.fromEntries(paths.map((path) => [path, text(path)]));
}

const BOTH = {
  usr: '',
  'usr/include': '',
  'usr/include/expat.h': 'e',
  'usr/lib': '',
  'usr/lib/libz.so': '',
  'usr/lib/libz.so.1': 'z',
};

test('of parts that are what they were neither trees nor content are read', () => {
  const fs = memoryFileSystem();
  fillSysroot(fs, { ...place, parts: [ZLIB, EXPAT] });
  for (const verify of [false, true]) {
    expect(fillSysroot(fs, { ...place, parts: [NEWER, UNREAD], verify })).toMatchObject({ tampered: [] });
    expect(found(fs)).toMatchObject({ 'usr/include/z.h': 'h', 'usr/include/expat.h': 'e' });
    expect(fillSysroot(fs, { ...place, parts: [UNREAD, ZLIB], verify })).toEqual({
      written: 2,
      removed: 2,
      tampered: [],
    });
    expect(found(fs)).toEqual(BOTH);
  }
});

test('a clash with a part that is what it was changes nothing', () => {
  const fs = memoryFileSystem();
  fillSysroot(fs, { ...place, parts: [ZLIB, EXPAT] });
  const rival = part('zlib', { 'usr/include/expat.h': 'other' });
  expect(() => fillSysroot(fs, { ...place, parts: [EXPAT, rival], recipe: 'app' })).toThrow(
    'expat and zlib both hold usr/include/expat.h',
  );
  const below = part('zlib', { 'usr/include/expat.h/z': 'z' });
  expect(() => fillSysroot(fs, { ...place, parts: [EXPAT, below] })).toThrow(
    'expat and zlib both hold usr/include/expat.h',
  );
  expect(found(fs)).toEqual(BOTH);
});

test('what somebody did meanwhile is found, told and put right', () => {
  const fs = memoryFileSystem();
  fillSysroot(fs, { ...place, parts: [ZLIB, EXPAT] });
  fs.writeFileSync(`${place.dir}/usr/include/expat.h`, 'forged');
  fs.writeFileSync(`${place.dir}/usr/lib/libz.so.2`, 'mine');
  const { tampered } = fillSysroot(fs, { ...place, parts: [NEWER, EXPAT], verify: true });
  expect(tampered).toEqual([
    { path: 'usr/include/expat.h', how: 'changed' },
    { path: 'usr/lib/libz.so.2', how: 'added' },
  ]);
  expect(found(fs)).toMatchObject({ 'usr/include/expat.h': 'e', 'usr/lib/libz.so.2': 'z2' });
});

test('a change that is stopped at any call is made good, whether it is gone on with or undone', () => {
  const stopped = (calls: number): FileSystem | undefined => {
    const fs = memoryFileSystem();
    fillSysroot(fs, { ...place, parts: [ZLIB, EXPAT] });
    try {
      fillSysroot(stoppingFiles(fs, calls), { ...place, parts: [NEWER, EXPAT] });
    } catch (error) {
      if (error instanceof Stopped) return fs;
      throw error;
    }
    return undefined;
  };
  const wanted = memoryFileSystem();
  fillSysroot(wanted, { ...place, parts: [NEWER, EXPAT] });
  let calls = 0;
  for (let fs = stopped(calls); fs !== undefined; fs = stopped(++calls)) {
    fillSysroot(fs, { ...place, parts: [NEWER, EXPAT] });
    expect(found(fs)).toEqual(found(wanted));
    const undone = stopped(calls);
    if (undone === undefined) throw new Error('stopped once and not twice');
    fillSysroot(undone, { ...place, parts: [ZLIB, EXPAT] });
    expect(found(undone)).toEqual(BOTH);
  }
  expect(calls).toBeGreaterThan(10);
});

test('a manifest does not grow with every change, and damage anywhere in it is made good', () => {
  const fs = memoryFileSystem();
  const fill = (zlib: SysrootPart): number => {
    fillSysroot(fs, { ...place, parts: [zlib, EXPAT] });
    return fs.statSync(place.manifest).size;
  };
  const first = fill(NEWER);
  const sizes = Array.from({ length: 20 }, (_, at) => fill(at % 2 === 0 ? ZLIB : NEWER));
  expect(Math.max(...sizes)).toBeLessThan(5 * first);
  const whole = fs.readFileSync(place.manifest);
  for (let at = 0; at < whole.length; at += 11) {
    fs.writeFileSync(place.manifest, Buffer.from(whole).fill(0, at, at + 1));
    fill(ZLIB);
    expect(found(fs)).toEqual(BOTH);
    fill(NEWER);
  }
});
