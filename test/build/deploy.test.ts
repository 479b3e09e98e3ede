/** DEPLOY_DIR and PKGDATA_DIR, filled from artifacts. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** A recipe whose do_deploy writes these files. */
function deploying(files: Readonly<Record<string, string>>, further = ''): string {
  const lines = Object.entries(files).map(
    ([path, text]) => `install -d $(dirname \${DEPLOYDIR}/${path})\necho ${text} > \${DEPLOYDIR}/${path}`,
  );
  const tasks = { do_install: ':', do_deploy: lines.join('\n') || ':' };
  return plainRecipe(
    tasks,
    `inherit deploy\naddtask deploy after do_install before do_build\nALLOW_EMPTY:\${PN} = "1"\n${further}`,
  );
}

/** Every file in DEPLOY_DIR with its text. */
function deployed(w: Workspace): Readonly<Record<string, string>> {
  const top = w.path('tmp/deploy');
  if (!existsSync(top)) return {};
  const found = readdirSync(top, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    found
      .map((each) => join(each.parentPath, each.name))
      .sort()
      .map((path) => [path.slice(top.length + 1), readFileSync(path, 'utf8').trim()]),
  );
}

test('what do_deploy makes lies in DEPLOY_DIR, and goes with the file, the task and the recipe', () => {
  const w = makeWorkspace({
    files: {
      'recipes/boot.bb': deploying({ 'boot.img': 'one', 'boot.map': 'map' }),
      'recipes/rom.bb': deploying({ 'fonts/a': 'a' }),
    },
  });
  expect(w.varve('build', 'boot', 'rom').said).toContain('tmp/deploy: files written 3, removed 0');
  const dir = 'images/host';
  expect(deployed(w)).toEqual({
    [`${dir}/boot.img`]: 'one',
    [`${dir}/boot.map`]: 'map',
    [`${dir}/fonts/a`]: 'a',
  });
  w.write('recipes/boot.bb', deploying({ 'boot.img': 'two' }));
  expect(w.varve('build', 'boot').said).toContain('tmp/deploy: files written 1, removed 1');
  expect(deployed(w)).toEqual({ [`${dir}/boot.img`]: 'two', [`${dir}/fonts/a`]: 'a' });
  w.write('recipes/boot.bb', plainRecipe({ do_install: ':' }, 'ALLOW_EMPTY:${PN} = "1"'));
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  expect(deployed(w)).toEqual({ [`${dir}/fonts/a`]: 'a' });
  rmSync(join(w.layer, 'recipes/rom.bb'));
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  expect(w.exists('tmp/deploy')).toBe(false);
});

/** Names, types, modes and times of all that is there but the times of directories, and what is in files. */
function listing(dir: string): string {
  const script =
    "find . ! -type d -printf '%P %m %T@ %l\\n' -o -printf '%P %m\\n' | sort; find . -type f -exec sha256sum {} + | sort";
  return spawnSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' }).stdout;
}

test('without tmp the next build restores DEPLOY_DIR byte for byte, and runs nothing', () => {
  const w = makeWorkspace({
    files: {
      'recipes/boot.bb': deploying({ 'boot.img': 'image', 'tools/flash': 'flash' }),
      'recipes/boot.bbappend': `do_deploy:append() {
	chmod 0755 \${DEPLOYDIR}/tools/flash
	ln -s boot.img \${DEPLOYDIR}/latest
}
`,
      'recipes/rom.bb': deploying({ rom: 'rom' }),
    },
  });
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  expect(w.counts('rom')).toMatchObject({ failed: 0 });
  const before = listing(w.path('tmp/deploy'));
  expect(before).toContain('images/host/latest 777 1577836800.0000000000 boot.img');
  rmSync(w.path('tmp'), { recursive: true });
  // What rom made is in the record, though nobody asks for it.
  expect(w.counts('boot')).toMatchObject({ run: 0, failed: 0 });
  expect(listing(w.path('tmp/deploy'))).toBe(before);
  // With artifacts alone.
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.counts('boot', 'rom')).toMatchObject({ run: 0, failed: 0 });
  expect(listing(w.path('tmp/deploy'))).toBe(before);
});

test('what somebody does to DEPLOY_DIR is put right and told, reaches no artifact, and files of others stay', () => {
  const w = makeWorkspace({
    files: { 'recipes/boot.bb': deploying({ 'boot.img': 'image', 'a/map': 'map' }) },
  });
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  const dir = w.path('tmp/deploy/images/host');
  expect(w.counts('boot')).toMatchObject({ run: 0 });
  appendFileSync(join(dir, 'boot.img'), 'evil');
  rmSync(join(dir, 'a/map'));
  writeFileSync(join(dir, 'a/mine'), 'mine');
  const { said } = w.varve('build', 'boot');
  expect(said).toContain('tmp/deploy/images/host/boot.img was changed by somebody');
  expect(said).toContain('tmp/deploy/images/host/a/map was removed by somebody');
  expect(deployed(w)).toMatchObject({ 'images/host/boot.img': 'image', 'images/host/a/map': 'map' });
  expect(w.varve('artifact', 'verify').status).toBe(0);
  expect(w.varve('clean', 'boot').said).toContain('2 files in tmp/deploy');
  expect(deployed(w)).toEqual({ 'images/host/a/mine': 'mine' });
});

test('two recipes with one place are an error that names both and the path; equal files are none', () => {
  const w = makeWorkspace({
    files: {
      'recipes/boot.bb': deploying({ 'boot.img': 'one', README: 'same' }),
      'recipes/rom.bb': deploying({ rom: 'rom', README: 'same' }),
    },
  });
  expect(w.counts('boot', 'rom')).toMatchObject({ failed: 0 });
  const before = deployed(w);
  w.write('recipes/rom.bb', deploying({ 'boot.img': 'other' }));
  const clash = w.varve('build', 'rom');
  expect(clash.status).toBe(1);
  expect(clash.stderr).toContain(
    'DEPLOY_DIR stays as it was: boot and rom both hold images/host/boot.img, with different content',
  );
  expect(deployed(w)).toEqual(before);
  w.write('recipes/rom.bb', deploying({ rom: 'other', README: 'same' }));
  expect(w.varve('build', 'rom').status).toBe(0);
  w.varve('clean', 'boot');
  expect(deployed(w)).toEqual({ 'images/host/rom': 'other', 'images/host/README': 'same' });
  expect(w.varve('build', 'rom').said).not.toContain('tmp/deploy');
  expect(w.counts('boot')).toMatchObject({ run: 0 });
  expect(deployed(w)).toMatchObject({ 'images/host/boot.img': 'one' });
});

test('of two recipes for one thing the older one is cleaned, also where only the record knows of it', () => {
  const w = makeWorkspace({
    files: {
      'recipes/kernel-a.bb': deploying({ Image: 'a' }),
      'recipes/kernel-b.bb': deploying({ Image: 'b' }),
    },
  });
  expect(w.counts('kernel-a')).toMatchObject({ failed: 0 });
  rmSync(w.path('tmp'), { recursive: true });
  const clash = w.varve('build', 'kernel-b');
  expect(clash.status).toBe(1);
  expect(clash.stderr).toContain('varve clean kernel-a   takes out what kernel-a has there');
  expect(w.varve('clean', 'kernel-a').status).toBe(0);
  expect(w.varve('build', 'kernel-b').status).toBe(0);
  expect(deployed(w)).toEqual({ 'images/host/Image': 'b' });
  expect(w.varve('build', 'kernel-a').stderr).toContain('varve clean kernel-b   takes out what kernel-b has');
});

test("a file of somebody else's is never overwritten, and a directory may be a link to where there is room", () => {
  const w = makeWorkspace({ files: { 'recipes/boot.bb': deploying({ 'boot.img': 'image', map: 'map' }) } });
  const elsewhere = join(w.top, 'big');
  mkdirSync(join(elsewhere, 'images/host'), { recursive: true });
  mkdirSync(w.path('tmp'));
  symlinkSync(elsewhere, w.path('tmp/deploy'));
  writeFileSync(join(elsewhere, 'images/host/boot.img'), 'precious');
  writeFileSync(join(elsewhere, 'images/host/map'), 'map\n');
  const refused = w.varve('build', 'boot');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('images/host/boot.img is in the way: boot has something for that place');
  expect(deployed(w)).toMatchObject({ 'images/host/boot.img': 'precious' });
  rmSync(join(elsewhere, 'images/host/boot.img'));
  expect(w.counts('boot')).toMatchObject({ run: 0 });
  expect(readFileSync(join(elsewhere, 'images/host/boot.img'), 'utf8')).toBe('image\n');
});

test('a task that fails leaves what it deployed before, and a place that is not for results is an error at its line', () => {
  const w = makeWorkspace({ files: { 'recipes/boot.bb': deploying({ 'boot.img': 'one' }) } });
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  w.write('recipes/boot.bb', deploying({ 'boot.img': 'two' }).replace('echo two', 'exit 1; echo two'));
  expect(w.counts('boot')).toMatchObject({ failed: 1 });
  expect(deployed(w)).toEqual({ 'images/host/boot.img': 'one' });
  w.write('recipes/boot.bb', deploying({ 'boot.img': 'two' }, 'do_deploy[deployed] = "${DEPLOY_DIR}/../x"'));
  const wrong = w.varve('build', 'boot');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/boot\.bb:\d+/);
  expect(wrong.stderr).toContain('tmp/x, which is neither in DEPLOY_DIR nor in PKGDATA_DIR');
});

test('what is taken from the store is deployed as what was built here, also for a target that needs no more of it', () => {
  const data = `do_data[artifact] = "\${WORKDIR}/data"
do_data[deployed] = "\${PKGDATA_DIR}/boot"
addtask data after do_install before do_build
do_data() {
	install -d \${WORKDIR}/data
	echo data > \${WORKDIR}/data/all
}
`;
  const image = plainRecipe(
    { do_install: 'install -d ${D}/etc\necho image > ${D}/etc/name' },
    'do_install[depends] = "boot:do_deploy boot:do_data"',
  );
  const w = makeWorkspace({
    files: {
      'recipes/boot.bb': deploying({ 'boot.img': 'image' }, data),
      'recipes/app.bb': image,
    },
  });
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  const before = deployed(w);
  expect(before).toEqual({ 'images/host/boot.img': 'image' });
  expect(w.read('tmp/pkgdata/boot/all')).toBe('data\n');
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
  expect(w.counts('app')).toMatchObject({ run: 0, failed: 0 });
  expect(deployed(w)).toEqual(before);
  expect(w.read('tmp/pkgdata/boot/all')).toBe('data\n');
});

test('what was made for one machine stays when another one is built for, and comes back without tmp', () => {
  const image = (path: string): string => `images/${path}`;
  const w = makeWorkspace({
    files: {
      'conf/machine/board.conf': 'TARGET_ARCH = "board"\n',
      'recipes/boot.bb': deploying({ 'boot.img': '${MACHINE}' }, 'PACKAGE_ARCH = "${MACHINE}"'),
    },
  });
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  w.write('../build/conf/local.conf', 'MACHINE = "board"\n');
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  const both = { [image('board/boot.img')]: 'board', [image('host/boot.img')]: 'host' };
  expect(deployed(w)).toEqual(both);
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.counts('boot')).toMatchObject({ run: 0, failed: 0 });
  expect(deployed(w)).toEqual(both);
  // Where both have one place, the newest is there.
  w.write('../build/conf/local.conf', 'MACHINE = "board"\nDEPLOY_DIR_IMAGE = "${DEPLOY_DIR}/images"\n');
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  w.write('../build/conf/local.conf', 'DEPLOY_DIR_IMAGE = "${DEPLOY_DIR}/images"\n');
  expect(w.counts('boot')).toMatchObject({ failed: 0 });
  expect(deployed(w)).toEqual({ [image('boot.img')]: 'host' });
  w.varve('clean', 'boot');
  expect(deployed(w)).toEqual({});
});

test("images of machines with one processor are each machine's own, and what they install is deployed with them", () => {
  const w = makeWorkspace({
    files: {
      'conf/machine/twin.conf': '',
      'recipes/boot.bb': deploying({ 'boot.img': '${MACHINE}' }, 'PACKAGE_ARCH = "${MACHINE_ARCH}"'),
      'recipes/whole.bb': 'inherit image\nIMAGE_FSTYPES = "tar"\nIMAGE_INSTALL = "boot"\n',
    },
  });
  for (const machine of ['host', 'twin']) {
    w.write('../build/conf/local.conf', `MACHINE = "${machine}"\n`);
    expect(w.counts('whole')).toMatchObject({ failed: 0 });
  }
  const images = ['host', 'twin'].flatMap((machine) => [
    `images/${machine}/boot.img`,
    `images/${machine}/whole-${machine}.rootfs.tar`,
  ]);
  expect(Object.keys(deployed(w))).toEqual(images);
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.counts('whole')).toMatchObject({ run: 0, failed: 0 });
  expect(Object.keys(deployed(w))).toEqual(images);
  // Its name means that of the machine that a build was for.
  expect(w.varve('show', 'whole:image_complete').stdout).toContain('whole-twin');
  expect(w.varve('show', 'whole@1:image_complete').stdout).toContain('whole-host');
});
