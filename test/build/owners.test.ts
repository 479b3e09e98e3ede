/** Files that belong to others than root: given by tasks under fakeroot, kept in the record and in artifacts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const withFakeroot = testWith({ programs: ['fakeroot'] });
const minutes = { timeout: 300_000 };

const install = `install -d \${D}/etc \${D}/var/mail
echo secret > \${D}/etc/shadow
chown 0:42 \${D}/etc/shadow
chmod 0640 \${D}/etc/shadow
echo closed > \${D}/etc/closed
chown 7 \${D}/etc/closed
chmod 0000 \${D}/etc/closed
ln -s shadow \${D}/etc/link
chown -h 5:6 \${D}/etc/link
echo plain > \${D}/etc/plain
mkdir \${D}/private
echo mine > \${D}/private/file
chown 9 \${D}/private/file
chmod 0000 \${D}/private
chown 8:8 \${D}/var/mail
chmod 2775 \${D}/var/mail`;
const look = (dir: string): string =>
  `cd ${dir}; find . -printf '%U:%G %#m %P\\n' | LC_ALL=C sort > \${WORKDIR}/seen`;
const app = plainRecipe(
  { 'fakeroot do_install': install, 'fakeroot do_check': look('${D}'), do_plain: look('${D}') },
  `addtask check after do_install before do_build
addtask plain after do_check before do_build
`,
);
const seen = [
  '0:0 0 private',
  '0:0 0644 etc/plain',
  '0:0 0755 ',
  '0:0 0755 etc',
  '0:0 0755 var',
  '0:42 0640 etc/shadow',
  '5:6 0777 etc/link',
  '7:0 0 etc/closed',
  '8:8 02775 var/mail',
  '9:0 0644 private/file',
];

const cat = (w: Workspace, rev: string): readonly string[] =>
  w.varve('cat', rev, 'seen').stdout.trimEnd().split('\n');

withFakeroot(
  'owners and modes of a task under fakeroot are in its commit, in its artifact and with what comes after',
  minutes,
  () => {
    const w = makeWorkspace({ files: { 'recipes/app_1.bb': app } });
    const built = w.varve('build', 'app');
    expect([built.status, built.said]).toEqual([0, expect.not.stringContaining('warning')]);
    expect(w.git('app', 'show', 'do_install:.varve/image')).toBe(`./etc/closed type=file mode=0000 uid=7
./etc/link type=link uid=5 gid=6
./etc/shadow type=file mode=0640 gid=42
./private type=dir mode=0000
./private/file type=file uid=9
./var/mail type=dir mode=2775 uid=8 gid=8
`);
    expect(cat(w, 'app:check')).toEqual(seen);
    expect(w.varve('artifact', 'export', 'app', 'app.tar.gz').status).toBe(0);
    const listing = spawnSync('tar', ['--numeric-owner', '-tvf', 'app.tar.gz'], {
      cwd: w.buildDir,
      encoding: 'utf8',
    });
    expect(listing.stdout).toMatch(/^-rw-r----- 0\/42 .*etc\/shadow$/m);
    expect(listing.stdout).toMatch(/^drwxrwsr-x 8\/8 .*var\/mail\/$/m);
    expect(w.varve('restore', 'app', 'out').stderr).toContain(
      'warning: etc/closed (and 4 more) belongs to 7:0, which is recorded and not restored\n',
    );
    // Nothing of it is taken for an edit, and what a store gives is the same.
    expect(w.counts('app')).toMatchObject({ run: 0 });
    const [before, tree] = [cat(w, 'app:plain'), w.git('app', 'rev-parse', 'do_install^{tree}')];
    for (const name of ['tmp', 'history']) spawnSync('rm', ['-rf', w.path(name)]);
    expect(w.counts('-c', 'check', 'app')).toMatchObject({ run: 1 });
    expect(cat(w, 'app:check')).toEqual(seen);
    expect(w.varve('build', '-f', '-c', 'install', 'app').status).toBe(0);
    expect(w.git('app', 'rev-parse', 'do_install^{tree}')).toBe(tree);
    expect(w.varve('verify', 'app:install').status).toBe(0);
    expect(before.filter((line) => line.endsWith('etc/plain'))).toHaveLength(1);
  },
);

/** Runs varve as a user who may give nothing to anybody. */
function asNobody(
  w: Workspace,
  ...args: readonly string[]
): { readonly status: number | null; readonly said: string } {
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const program = [process.execPath, resolve('dist/bin/varve.js')] as const;
  const env = { PATH: '/usr/bin:/bin', HOME: w.top };
  const ran = spawnSync(program[0], [program[1], '-B', w.buildDir, ...args], {
    ...user,
    env,
    encoding: 'utf8',
  });
  return { status: ran.status, said: ran.stdout + ran.stderr };
}

withFakeroot(
  'a normal user gives files away under fakeroot, closed ones too, and finds them again',
  minutes,
  () => {
    const w = makeWorkspace({ files: { 'recipes/app_1.bb': app } });
    if (process.getuid?.() === 0) spawnSync('chown', ['-R', '65534:65534', dirname(w.top)]);
    const built = asNobody(w, 'build', '-c', 'check', 'app');
    expect([built.status, built.said]).toEqual([0, expect.not.stringContaining('warning')]);
    expect(asNobody(w, 'cat', 'app:check', 'seen').said.trimEnd().split('\n')).toEqual(seen);
    expect(asNobody(w, 'build', '-f', '-c', 'check', 'app').said).toContain('1 ran');
    expect(asNobody(w, 'cat', 'app:check', 'seen').said.trimEnd().split('\n')).toEqual(seen);
  },
);

withFakeroot('an image under fakeroot has the owners of what is in it', minutes, () => {
  const image = 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "app odd"\n';
  const odd = plainRecipe({
    'fakeroot do_install': `install -d \${D}/ro \${D}/run
echo x > \${D}/ro/one
ln \${D}/ro/one "\${D}/ro/it's two"
mkfifo -m 640 \${D}/run/pipe
chown 3 \${D}/run/pipe
chmod 0555 \${D}/ro`,
  });
  const files = { 'recipes/app_1.bb': app, 'recipes/odd_1.bb': odd, 'recipes/img_1.bb': image };
  const w = makeWorkspace({ files });
  expect(w.varve('build', 'img').said).toContain(
    'warning: img:do_install: the image gives 5 files that belong to others to root: do_install[fakeroot] = "1" in its recipe',
  );
  w.write('recipes/img_1.bb', `${image}do_install[fakeroot] = "1"\n`);
  const built = w.varve('build', 'img');
  expect([built.status, built.said]).toEqual([0, expect.not.stringContaining('warning')]);
  const facts = w.git('img', 'show', 'do_install:.varve/image');
  expect(facts).toContain('./etc/shadow type=file mode=0640 gid=42\n');
  expect(facts).toContain('./etc/link type=link uid=5 gid=6\n');
  // What no sysroot has.
  expect(facts).toContain('./private type=dir mode=0000\n');
  expect(facts).toMatch(/^\.\/ro type=dir mode=0555$/m);
  expect(facts).toMatch(/^\.\/ro\/one type=file .*hardlink=/m);
  expect(facts).toMatch(/^\.\/run\/pipe type=fifo mode=0640 uid=3$/m);
});

withFakeroot('a device that a task makes under fakeroot is told and not recorded', minutes, () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe({
        'fakeroot do_install': 'install -d ${D}/dev\nmknod ${D}/dev/null c 1 3\necho x > ${D}/dev/file',
      }),
    },
  });
  expect(w.varve('build', 'app').said).toContain(
    'warning: app:do_install: image/dev/null is a device and is not recorded',
  );
  expect(w.git('app', 'ls-tree', '-r', '--name-only', 'do_install', 'image')).toBe('image/dev/file\n');
});

withFakeroot('a fifo that is made or copied under fakeroot is one, in the artifact too', minutes, () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe({
        'fakeroot do_install':
          'install -d ${D}/run\nmkfifo made\nchown 3:4 made\nchmod 640 made\ncp -a made ${D}/run/copied\nmknod ${D}/run/made p',
      }),
    },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  const tar = w.path('app.tar.gz');
  expect(w.varve('artifact', 'export', 'app', tar).status).toBe(0);
  const { stdout } = spawnSync('tar', ['-tvzf', tar, '--numeric-owner'], { encoding: 'utf8' });
  expect(stdout).toMatch(/^prw-r----- 3\/4 .* run\/copied$/m);
  expect(stdout).toMatch(/^prw-r--r-- 0\/0 .* run\/made$/m);
  expect(w.varve('verify', 'app:install').status).toBe(0);
});

test('a machine without fakeroot says which task needs it, and builds what does not', minutes, () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app }, env: { PATH: '/nowhere' } });
  const programs = join(w.top, 'programs');
  mkdirSync(programs);
  for (const name of readdirSync('/usr/bin'))
    if (!name.startsWith('fakeroot')) symlinkSync(join('/usr/bin', name), join(programs, name));
  const ran = spawnSync(process.execPath, ['dist/bin/varve.js', '-B', w.buildDir, 'build', 'app'], {
    encoding: 'utf8',
    env: { PATH: programs },
  });
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain('do_install runs under fakeroot, and there is no program fakeroot in PATH');
  expect(ran.stdout + ran.stderr).toContain('hint: Install fakeroot: on Debian, apt install fakeroot');
  expect(ran.stdout).toContain('app:do_compile  ran');
});
