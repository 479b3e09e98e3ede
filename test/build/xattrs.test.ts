/** Extended attributes, file capabilities among them: recorded, given back, and carried by artifacts and sysroots. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test as vitestTest } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const programs = ['getfattr', 'setfattr', 'setcap'];
const test = testWith({
  programs,
  commands: ['f=$(mktemp) && setfattr -n user.a -v b $f && rm $f'],
});
const asRoot = process.getuid?.() === 0 ? test : vitestTest.skip;

/** What getfattr tells of everything in a directory, sorted. */
function attributesIn(dir: string): readonly string[] {
  const all = 'find . -print0 | LC_ALL=C sort -z | xargs -0 getfattr -P -h -d -m - --absolute-names --';
  const { stdout } = spawnSync('sh', ['-c', all], { cwd: dir, encoding: 'latin1' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Runs in a directory, as a person would. */
function shell(dir: string, script: string): void {
  const { status, stderr } = spawnSync('sh', ['-ec', script], { cwd: dir, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
}

function workdirOf(w: Workspace): string {
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  return w.path('tmp/work', arch, 'app');
}

const program = resolve('dist/bin/varve.js');
const setfattr = '/usr/bin/setfattr';
const setcap = '/usr/sbin/setcap';

test('attributes come back from the record as the task left them, whatever is called how', () => {
  const compile = `mkdir -p d "odd/$(printf 'n\\351\\n =\\\\')"
echo x > closed
${setfattr} -n user.plain -v 1 closed
chmod 400 closed
echo y > "odd/$(printf 'n\\351\\n =\\\\')/file"
${setfattr} -n 'user.a b=c\\d' -v 0x00ff0a "odd/$(printf 'n\\351\\n =\\\\')/file"
${setfattr} -n user.empty d
chmod 500 d
ln closed other`;
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: compile }) } });
  expect(w.varve('build', 'app').said).not.toContain('warning');
  expect(w.git('app', 'show', 'do_compile:.varve/metadata')).toContain(
    './sources/closed type=file mode=0400 xattr.user.plain=MQ==\n',
  );
  const workdir = workdirOf(w);
  const left = attributesIn(join(workdir, 'sources'));
  expect(left).toContain('user.a b\\075c\\134d=0sAP8K');
  expect(w.varve('restore', 'app:compile', 'out').said).not.toContain('warning');
  expect(attributesIn(w.path('out/sources'))).toEqual(left);
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.varve('build', '-f', '-c', 'install', 'app').said).not.toContain('warning');
  expect(attributesIn(join(workdir, 'sources'))).toEqual(left);
});

test('an attribute that alone was changed is an edit, which is kept and can be dropped', () => {
  const compile = `mkdir d\necho x > f\n${setfattr} -n user.old -v 1 f\n${setfattr} -n user.old -v 1 d`;
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: compile }) } });
  expect(w.varve('build', 'app').status).toBe(0);
  const sources = join(workdirOf(w), 'sources');
  const left = attributesIn(sources);
  const edits: readonly (readonly [script: string, shown: RegExp])[] = [
    [
      'setfattr -n user.new -v 2 f',
      /^old attributes xattr.user.old=MQ==\nnew attributes xattr.user.new=Mg== xattr.user.old=MQ==$/m,
    ],
    ['setfattr -x user.old f', /^old attributes xattr.user.old=MQ==\nnew attributes none$/m],
    [
      'setfattr -n user.old -v 2 d',
      /^old attributes xattr.user.old=MQ==\nnew attributes xattr.user.old=Mg==$/m,
    ],
    ['setfattr -x user.old d; setfattr -n user.new -v 1 d', /^new attributes xattr.user.new=MQ==$/m],
  ];
  for (const [script, shown] of edits) {
    expect(w.varve('build', 'app').said).not.toContain('edit');
    shell(sources, script);
    const edited = attributesIn(sources);
    expect(w.varve('build', 'app').said).toContain('edits');
    expect(w.varve('diff', 'app:compile', 'app:edited').stdout).toMatch(shown);
    expect(attributesIn(sources)).toEqual(edited);
    expect(w.varve('edit', 'drop', 'app').status).toBe(0);
    expect(attributesIn(sources)).toEqual(left);
  }
});

asRoot('an artifact carries capabilities to sysroots and to whoever unpacks it', () => {
  const install = `install -D /bin/true \${D}/bin/ping
${setcap} cap_net_raw=ep \${D}/bin/ping
ln \${D}/bin/ping \${D}/bin/ping6
${setfattr} -n user.of -v dir \${D}/bin`;
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe({ do_install: install }, 'SYSROOT_DIRS = "/bin"'),
      'recipes/user_1.bb': plainRecipe({ do_compile: 'true' }, 'DEPENDS = "app"'),
    },
  });
  expect(w.varve('build', 'user').said).not.toContain('warning');
  const installed = attributesIn(join(workdirOf(w), 'image'));
  expect(installed.filter((line) => line.startsWith('security.capability='))).toHaveLength(2);
  const sysroot = w.varve('sysroot', 'path', 'user').stdout.trim();
  expect(attributesIn(sysroot)).toEqual(installed);

  expect(w.varve('artifact', 'export', 'app', 'app.tar.gz').status).toBe(0);
  shell(w.buildDir, 'mkdir unpacked && tar -C unpacked --xattrs --xattrs-include="*" -xf app.tar.gz');
  expect(attributesIn(w.path('unpacked'))).toEqual(installed);

  const id = w.varve('artifact', 'show', 'app').stdout;
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.counts('user')).toMatchObject({ run: 0 });
  expect(w.varve('build', '-f', '-c', 'compile', 'user').status).toBe(0);
  expect(attributesIn(sysroot)).toEqual(installed);
  expect(w.varve('artifact', 'show', 'app').stdout).toBe(id);
  expect(w.varve('fsck').status).toBe(0);
});

test('an access control list is not recorded, and not lost in silence', () => {
  // The owner may read and write, root and the group may read, and the mask lets either do all.
  const entries = ['0100 0600 ffffffff', '0200 0400 00000000', '0400 0400 ffffffff', '1000 0700 ffffffff'];
  const acl = `0x02000000${[...entries, '2000 0000 ffffffff'].join('').replaceAll(' ', '')}`;
  const compile = `touch a b\n${setfattr} -n system.posix_acl_access -v ${acl} a b\n${setfattr} -n user.plain -v 1 a`;
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: compile }) } });
  expect(w.varve('build', 'app').stderr).toContain(
    "warning: app:do_compile: sources/a has an access control list, which is not recorded: its group gets what the list's mask allows (and 1 more)\n",
  );
  expect(w.git('app', 'show', 'do_compile:.varve/metadata')).toBe(
    './sources/a type=file mode=0670 xattr.user.plain=MQ==\n./sources/b type=file mode=0670\n',
  );
  expect(w.varve('build', 'app').stderr).toBe('');
});

const seen = '/usr/bin/getfattr -d -m - ${D}/bin/ping > ${WORKDIR}/seen';
const addSeen = 'addtask seen after do_install';
const underFakeroot =
  process.getuid?.() === 0 ? testWith({ programs: ['fakeroot', 'setpriv', ...programs] }) : vitestTest.skip;

underFakeroot(
  'under fakeroot a normal user gives capabilities, and an image has those of what is in it',
  () => {
    const install = `install -D /bin/true \${D}/bin/ping
${setcap} cap_net_raw=ep \${D}/bin/ping
${setfattr} -n user.of -v dir \${D}/bin`;
    const image = 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "app"\ndo_install[fakeroot] = "1"\n';
    const files = {
      'recipes/app_1.bb': plainRecipe({ 'fakeroot do_install': install, 'fakeroot do_seen': seen }, addSeen),
      'recipes/img_1.bb': image,
    };
    const w = makeWorkspace({ files });
    expect(w.varve('build', 'img', 'app:seen').said).not.toContain('warning');
    const facts = w.git('app', 'show', 'do_install:.varve/image');
    expect(facts).toBe(`./bin type=dir xattr.user.of=ZGly
./bin/ping type=file xattr.security.capability=AQAAAgAgAAAAAAAAAAAAAAAAAAA=
`);
    expect(w.git('img', 'show', 'do_install:.varve/image')).toBe(facts);
    expect(w.varve('cat', 'app:seen', 'seen').stdout).toContain('security.capability=');
    expect(w.counts('img')).toMatchObject({ run: 0 });

    const other = makeWorkspace({ files });
    spawnSync('chown', ['-R', '65534:65534', dirname(other.top)]);
    const user = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    for (const ran of [/ok: 13 ran/, /ok: [^r]*current/]) {
      const built = spawnSync('setpriv', [...user, process.execPath, program, 'build', 'img', 'app:seen'], {
        cwd: other.buildDir,
        encoding: 'utf8',
      });
      expect(built.stdout + built.stderr).not.toContain('warning');
      expect(built.stdout).toMatch(ran);
    }
    const treeOf = (at: Workspace, recipe: string): string =>
      at.git(recipe, 'rev-parse', 'do_install^{tree}');
    expect(treeOf(other, 'app')).toBe(treeOf(w, 'app'));
    expect(treeOf(other, 'img')).toBe(treeOf(w, 'img'));
  },
);

asRoot('without python3 the capabilities of an installed file are told', () => {
  const install = `install -D /bin/true \${D}/bin/ping\n${setcap} cap_net_raw=ep \${D}/bin/ping`;
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_install: install }) } });
  shell(w.top, 'mkdir bin && ln -s /usr/bin/* bin && rm bin/python3*');
  const env = { ...process.env, PATH: join(w.top, 'bin') };
  const built = spawnSync(process.execPath, [program, 'build', 'app'], {
    cwd: w.buildDir,
    env,
    encoding: 'utf8',
  });
  expect(built.stderr).toContain(
    'warning: app:do_install: capabilities are not recorded without python3: bin/ping cap_net_raw=ep\n',
  );
});
