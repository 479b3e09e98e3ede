/** A directory of ours where others keep files too. */
import { expect, test } from 'vitest';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { SharedPart } from '../../lib/sysroot/compose-sysroot.ts';
import { fillShared } from '../../lib/sysroot/fill-shared.ts';
import { forgetStats, ownersOf, readManifest } from '../../lib/sysroot/sysroot-manifest.ts';
import { withdrawShared } from '../../lib/sysroot/withdraw-shared.ts';
import { Stopped, stoppingFiles } from '../support/failing-files.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

const place = {
  dir: '/deploy',
  manifest: '/tmp/deployed.json',
  name: 'DEPLOY_DIR',
  wanted: new Set<string>(),
};

function part(recipe: string, at: string, image: Readonly<Record<string, Planted>>): SharedPart {
  const objects = memoryObjects();
  return { recipe, packageArch: 'all', task: 'do_deploy', at, objects, tree: artifactOf(objects, image) };
}

/** Every file and link in the directory, with its text or target. */
function found(fs: FileSystem, dir = '/deploy', below = ''): Readonly<Record<string, string>> {
  if (!fs.existsSync(dir)) return {};
  return Object.assign(
    {},
    ...fs.readdirSync(dir, { withFileTypes: true }).map((each) => {
      const [path, name] = [`${dir}/${each.name}`, `${below}${each.name}`];
      if (each.isDirectory()) return found(fs, path, `${name}/`);
      return { [name]: each.isSymbolicLink() ? fs.readlinkSync(path) : fs.readFileSync(path, 'utf8') };
    }),
  ) as Readonly<Record<string, string>>;
}

const BOOT = part('boot', 'images/a', { img: 'one', 'x/map': 'map', latest: { link: 'img' } });
const NEXT = part('boot', 'images/a', { img: 'two', x: 'a file now' });
const ROM = part('rom', 'images', { 'a/rom': 'rom', 'fonts/lib.la': 'kept' });

test('parts lie below their places, whole; what is gone from them is removed, and what is left empty', () => {
  const fs = memoryFileSystem();
  expect(fillShared(fs, { ...place, parts: [BOOT, ROM] })).toEqual({ written: 5, removed: 0, tampered: [] });
  expect(found(fs)).toEqual({
    'images/a/img': 'one',
    'images/a/latest': 'img',
    'images/a/x/map': 'map',
    'images/a/rom': 'rom',
    'images/fonts/lib.la': 'kept',
  });
  expect(
    ownersOf(readManifest(fs, place.manifest) ?? { composition: '', entries: new Map() }, 'images/a'),
  ).toEqual(['boot', 'rom']);
  expect(fillShared(fs, { ...place, parts: [NEXT] })).toEqual({ written: 2, removed: 4, tampered: [] });
  expect(found(fs)).toEqual({ 'images/a/img': 'two', 'images/a/x': 'a file now' });
  expect(fillShared(fs, { ...place, parts: [] })).toEqual({ written: 0, removed: 2, tampered: [] });
  expect(fs.existsSync('/deploy')).toBe(false);
});

test('where nothing was ever deployed no directory is made', () => {
  const fs = memoryFileSystem();
  fillShared(fs, { ...place, parts: [] });
  expect(fs.existsSync('/deploy')).toBe(false);
});

test('an interrupt at any change leaves files of others alone, and the next time the rest is done', () => {
  let interrupts = 0;
  for (let calls = 0; ; calls += 1) {
    const fs = memoryFileSystem();
    fillShared(fs, { ...place, parts: [BOOT, ROM] });
    fs.writeFileSync('/deploy/images/a/mine', 'mine');
    const stopping = stoppingFiles(fs, calls);
    try {
      fillShared(stopping, { ...place, parts: [NEXT, ROM] });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      interrupts += 1;
    }
    expect(fillShared(fs, { ...place, parts: [NEXT, ROM] }).tampered).toEqual([]);
    expect(found(fs)).toEqual({
      'images/a/img': 'two',
      'images/a/mine': 'mine',
      'images/a/rom': 'rom',
      'images/a/x': 'a file now',
      'images/fonts/lib.la': 'kept',
    });
    if (stopping.made() <= calls) break;
  }
  expect(interrupts).toBeGreaterThan(8);
});

test('a directory that has files of others stays, and where a file is to be in its place that is an error', () => {
  const fs = memoryFileSystem();
  fillShared(fs, { ...place, parts: [BOOT] });
  fs.writeFileSync('/deploy/images/a/x/mine', 'mine');
  expect(() => fillShared(fs, { ...place, parts: [NEXT] })).toThrow('/deploy/images/a/x is in the way');
  expect(found(fs)).toMatchObject({ 'images/a/x/mine': 'mine' });
  fs.rmSync('/deploy/images/a/x/mine');
  fillShared(fs, { ...place, parts: [NEXT] });
  expect(found(fs)).toEqual({ 'images/a/img': 'two', 'images/a/x': 'a file now' });
});

test('a directory that became a link to elsewhere is not followed', () => {
  const fs = memoryFileSystem();
  fillShared(fs, { ...place, parts: [BOOT] });
  fs.mkdirSync('/elsewhere/x', { recursive: true });
  fs.writeFileSync('/elsewhere/img', 'precious');
  fs.rmSync('/deploy/images/a', { recursive: true });
  fs.symlinkSync('/elsewhere', '/deploy/images/a');
  fillShared(fs, { ...place, parts: [NEXT] });
  expect(found(fs, '/elsewhere')).toEqual({ img: 'precious' });
  expect(found(fs)).toEqual({ 'images/a/img': 'two', 'images/a/x': 'a file now' });
});

test('where stats prove nothing any more, content is compared', () => {
  const fs = memoryFileSystem();
  fillShared(fs, { ...place, parts: [BOOT] });
  forgetStats(fs, place.manifest);
  fs.writeFileSync('/deploy/images/a/img', 'eno');
  expect(fillShared(fs, { ...place, parts: [BOOT] })).toEqual({
    written: 1,
    removed: 0,
    tampered: [{ path: 'images/a/img', how: 'changed' }],
  });
  expect(found(fs)).toMatchObject({ 'images/a/img': 'one' });
});

test('a recipe is withdrawn without looking at any other, and what it shares with one stays', () => {
  const fs = memoryFileSystem();
  const twin = part('twin', 'images/a', { img: 'one', 'y/own': 'own' });
  fillShared(fs, { ...place, parts: [BOOT, twin] });
  expect(withdrawShared(fs, place, 'twin')).toBe(1);
  expect(withdrawShared(fs, place, 'twin')).toBe(0);
  expect(found(fs)).toEqual({ 'images/a/img': 'one', 'images/a/latest': 'img', 'images/a/x/map': 'map' });
  expect(fillShared(fs, { ...place, parts: [BOOT] })).toEqual({ written: 0, removed: 0, tampered: [] });
  expect(withdrawShared(fs, place, 'boot')).toBe(3);
  expect(fs.existsSync('/deploy')).toBe(false);
});
