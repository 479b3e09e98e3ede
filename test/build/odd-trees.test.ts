/** What a task may leave that a disk can hold and few programs expect: kept and put back, or said. */
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const leaving = (compile: string): Record<string, string> => ({
  'recipes/app_1.bb': plainRecipe({ do_compile: compile, do_install: 'install -d ${D}/etc' }),
});

const minutes = { timeout: 600_000 };
/** A path of 1260 directories, which is nearly as long as the system takes one. */
const longest = 'dd/'.repeat(1260);

test('a tree that fills the longest path comes back', minutes, () => {
  const w = makeWorkspace({ files: leaving(`mkdir -p ${longest}\necho end > ${longest}file`) });
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('cat', 'app:compile', `sources/${longest}file`).stdout).toBe('end\n');
  spawnSync('rm', ['-rf', w.path('tmp')]);
  expect(w.varve('build', '-f', '-c', 'install', 'app').status).toBe(0);
  expect(w.git('app', 'diff', '--name-only', 'do_compile', 'do_install')).toBe('.varve/image\n');
  spawnSync('rm', ['-rf', w.top]);
});

test('who asks for the content of a link that leads nowhere is told where it leads', () => {
  const w = makeWorkspace({
    files: leaving('echo there > beside; ln -s besides one; ln -s /etc/passwd two'),
  });
  expect(w.varve('build', 'app').status).toBe(0);
  const one = w.varve('cat', 'app:compile', 'sources/one');
  expect(one).toMatchObject({ status: 2, stdout: '' });
  expect(one.stderr).toBe(
    'error: app@1:do_compile has nothing at sources/besides, where the links of sources/one lead\n' +
      'hint: did you mean "sources/beside"?\n',
  );
  // A file of this machine is never looked at.
  const two = w.varve('cat', 'app:compile', 'sources/two');
  expect(two).toMatchObject({ status: 2, stdout: '' });
  expect(two.stderr).toContain('has nothing at etc/passwd, where the links of sources/two lead');
  expect(two.stderr).not.toContain('did you mean "sources/two"');
});

test(
  'what is deeper than any path is said, and goes when the WORKDIR is put back or cleaned',
  minutes,
  () => {
    const deeper = `echo kept > beside
mkdir -p one/${longest} two/${longest}
mv two one/${longest}`;
    const w = makeWorkspace({ files: leaving(deeper) });
    const ran = w.varve('build', 'app');
    expect(ran.status).toBe(0);
    expect(ran.said).toMatch(
      /warning: app:do_compile: sources\/one[/d]+…[/d]+ is deeper than paths may be long and is not recorded/,
    );
    expect(w.varve('cat', 'app:compile', 'sources/beside').stdout).toBe('kept\n');
    w.write('recipes/app_1.bb', leaving('true')['recipes/app_1.bb'] ?? '');
    const next = w.varve('build', 'app');
    expect(next.status).toBe(0);
    expect(next.said).not.toContain('warning');
    w.write('recipes/app_1.bb', leaving(deeper)['recipes/app_1.bb'] ?? '');
    expect(w.varve('build', 'app').status).toBe(0);
    expect(w.varve('clean', 'app').status).toBe(0);
    expect(readdirSync(w.path('tmp/work')).flatMap((arch) => readdirSync(w.path('tmp/work', arch)))).toEqual(
      [],
    );
  },
);

test('a fifo comes back under whatever name it had', () => {
  const w = makeWorkspace({ files: leaving('mkdir d\nmkfifo -m 600 "d/$(printf "\\351 pipe")"') });
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('restore', 'app:compile', 'out').said).not.toContain('warning');
  const dir = join(w.buildDir, 'out/sources/d');
  const [name = Buffer.alloc(0)] = readdirSync(dir, { encoding: 'buffer' });
  expect(name.toString('latin1')).toBe('\u00e9 pipe');
  const stat = lstatSync(Buffer.concat([Buffer.from(`${dir}/`), name]));
  expect([stat.isFIFO(), stat.mode & 0o777]).toEqual([true, 0o600]);
});

test('a socket that a person puts into a WORKDIR is named by whatever removes it', () => {
  const recipe = (text: string): string =>
    plainRecipe({ do_unpack: `echo ${text} > \${S}/source`, do_compile: 'cp ${S}/source ${B}/made' });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe('one') } });
  expect(w.varve('build', 'app').status).toBe(0);
  const bind = (): unknown =>
    execFileSync('python3', ['-c', `import socket; socket.socket(socket.AF_UNIX).bind('mine')`], {
      cwd: w.path('tmp/work/x86_64/app/sources'),
    });
  const removed = 'sources/mine is removed: it was a socket, which the record cannot hold\n';
  bind();
  // Nothing removes it.
  expect(w.varve('build', 'app')).toMatchObject({ status: 0, stderr: '' });
  expect(w.varve('build', '-f', '-c', 'compile', 'app').stderr).toContain(
    `warning: app:do_compile: ${removed}`,
  );
  bind();
  expect(w.varve('shell', 'app:unpack', '--', 'true').stderr).toContain(`warning: ${removed}`);
  bind();
  w.write('recipes/app_1.bb', recipe('two'));
  expect(w.varve('build', 'app').stderr).toMatch(new RegExp(`^warning: app:do_\\w+: ${removed}`, 'm'));
  bind();
  writeFileSync(w.path('tmp/work/x86_64/app/sources/source'), 'typed');
  expect(w.varve('edit', 'drop', 'app').stderr).toContain(`warning: ${removed}`);
  bind();
  expect(w.varve('clean', 'app').stderr).toBe(`warning: app: ${removed}`);
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  bind();
  writeFileSync(w.path('conf/local.conf'), 'RM_WORK = "1"\n');
  expect(w.varve('build', '-f', '-c', 'install', 'app').stderr).toContain(removed);
  expect(w.exists('tmp/work/x86_64/app')).toBe(false);
});

test('a socket that a task leaves is told of once, by that task, and is not there for the next', () => {
  const bind = `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("theirs")'`;
  const recipe = (text: string): string =>
    plainRecipe({ do_compile: `${bind}; echo ${text} > made`, do_install: 'test ! -e theirs' });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe('one') } });
  const told =
    'warning: app:do_compile: sources/theirs is removed: it was a socket, which the record cannot hold\n';
  expect(w.varve('build', 'app').stderr).toBe(told);
  w.write('recipes/app_1.bb', recipe('two'));
  expect(w.varve('build', 'app').stderr).toBe(told);
  expect(w.varve('clean', 'app').stderr).toBe('');
});
