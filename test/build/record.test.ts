import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** Output of a program that must succeed. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function find(dir: string, name: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.split('/').at(-1) === name)
    .map((path) => join(dir, path));
}

const workdirOf = (w: Workspace, recipe: string): string => find(w.path('tmp/work'), recipe)[0] ?? '';

/** What is in a tree: mode, size or link, and name of everything. */
function listing(tar: string): string[] {
  return run('tar', '-tvf', tar, '--numeric-owner')
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' ./'))
    .map((line) =>
      line.replace(
        /^(\S+)\s+\S+\s+(\d+)\s+\S+ \S+ (.*)$/,
        (_, mode: string, size: string, name: string) =>
          `${mode} ${mode.startsWith('d') ? '' : size} ${name}`,
      ),
    )
    .sort();
}

const odd = `mkdir -p empty/deeper 'name with blanks' .hidden
echo x > setuid; chmod 4755 setuid
echo y > readonly; chmod 0400 readonly
echo z > 'name with blanks/-dash'
ln -s nowhere dangling; ln -s /etc/passwd absolute; ln -s 'name with blanks' todir
echo linked > one; ln one two
printf '*\\n' > .gitignore; printf '* text eol=lf\\n' > .gitattributes; printf 'a\\r\\n' > crlf
mkdir -p nested/.git/refs nested/.git/objects; echo 'ref: refs/heads/main' > nested/.git/HEAD`;

test('the histories of the quickstart pass git fsck, and each WORKDIR is a clean checkout of its last task', () => {
  const w = makeWorkspace({ from: 'fixtures/quickstart/meta-quickstart' });
  expect(w.varve('build', 'quickstart-image').status).toBe(0);
  const histories = find(w.path('history'), 'HEAD')
    .map((head) => join(head, '..'))
    .filter((dir) => dir.endsWith('.git'));
  expect(histories.length).toBeGreaterThan(3);
  for (const history of histories)
    expect(run('git', '--git-dir', history, 'fsck', '--strict', '--no-progress')).toBe('');
  const workdir = workdirOf(w, 'libgreet');
  expect(run('git', '-C', workdir, 'status', '--porcelain')).toBe('');
  const subjects = run('git', '-C', workdir, 'log', '--format=%s').trim().split('\n');
  expect(subjects[0]).toMatch(/^do_install: libgreet /);
  expect(subjects.at(-1)).toMatch(/^do_fetch: libgreet /);
  expect(run('git', '-C', workdir, 'diff', '--stat', 'do_patch', 'do_compile')).toContain('.o ');
  expect(run('git', '-C', workdir, 'tag')).toMatch(/^do_compile\ndo_compile@[0-9a-f]{12}$/m);
});

test('a restored task is what tar archived of the WORKDIR when it ran', () => {
  const archive =
    'archive_workdir() {\n\ttar -C ${WORKDIR} --exclude=./temp --exclude=./recipe-sysroot --exclude=./recipe-sysroot-native -cf ${T}/at.tar .\n}\n';
  const text = plainRecipe(
    { do_compile: odd, do_install: 'cp -a ${B}/. ${D}/' },
    `B = "\${WORKDIR}/b"\ndo_compile[postfuncs] += "archive_workdir"\n${archive}`,
  );
  const w = makeWorkspace({ files: { 'recipes/odd_1.bb': text } });
  expect(w.varve('build', 'odd').status).toBe(0);
  const restored = join(w.top, 'restored');
  expect(w.varve('restore', 'odd:do_compile', restored).status).toBe(0);
  expect(w.varve('restore', 'odd:do_compile', '/proc/restored').stderr).toBe(
    'error: /proc/restored cannot be made: no directory can be there\nhint: Name a new directory elsewhere.\n',
  );
  run('tar', '-C', restored, '-cf', join(w.top, 'restored.tar'), '.');
  const before = listing(join(workdirOf(w, 'odd'), 'temp/at.tar'));
  expect(before.join('\n')).toContain('-rwsr-xr-x');
  expect(listing(join(w.top, 'restored.tar'))).toEqual(before);
  expect(run('git', '-C', workdirOf(w, 'odd'), 'status', '--porcelain')).toBe('');
});

test('the artifact brought from the store is the tree that was built, empty directories and modes included', () => {
  const w = makeWorkspace({
    files: {
      'recipes/odd_1.bb': plainRecipe(
        { do_compile: odd, do_install: 'cp -a ${B}/. ${D}/' },
        'B = "${WORKDIR}/b"\n',
      ),
    },
  });
  w.varve('build', 'odd');
  const [before, after] = [join(w.top, 'before'), join(w.top, 'after')];
  w.varve('restore', 'odd', before);
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.counts('odd')).toMatchObject({ run: 0, restore: 1 });
  expect(w.varve('restore', 'odd', after).status).toBe(0);
  run('tar', '-C', before, '-cf', `${before}.tar`, '.');
  run('tar', '-C', after, '-cf', `${after}.tar`, '.');
  expect(listing(`${after}.tar`)).toEqual(listing(`${before}.tar`));
});

test('a configure script that asks git finds no repository', () => {
  const w = makeWorkspace({
    files: {
      'recipes/ask_1.bb': plainRecipe({ do_compile: '! git rev-parse --git-dir' }, 'HOSTTOOLS += "git"\n'),
    },
    local: 'HOSTTOOLS += "git"\n',
  });
  run('git', 'init', '-q', w.buildDir);
  expect(w.varve('build', 'ask').status).toBe(0);
});

test('tasks after do_install see the artifact and not S or B, built or restored alike', () => {
  const recipe = (look: string): string =>
    plainRecipe(
      { do_compile: 'echo secret > leftover', do_install: 'install -d ${D}/usr', do_look: look },
      'B = "${WORKDIR}/b"\naddtask look after do_install before do_build\n',
    );
  const w = makeWorkspace({
    files: { 'recipes/see_1.bb': recipe('find ${WORKDIR} -path ${T} -prune -o -print > ${WORKDIR}/seen') },
  });
  expect(w.varve('build', 'see').status).toBe(0);
  const seen = w.varve('cat', 'see:do_look', 'seen').stdout;
  expect(seen).toContain('/image/usr');
  expect(seen).not.toContain('leftover');
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.varve('build', 'see').status).toBe(0);
  expect(w.varve('cat', 'see:do_look', 'seen').stdout).toBe(seen);
});

test('the same work in another place gives the same commits', () => {
  const ids = (place: string): string => {
    const w = makeWorkspace({ from: 'fixtures/quickstart/meta-quickstart', place });
    expect(w.varve('build', 'quickstart-image').status).toBe(0);
    return w.git(
      'libgreet',
      'for-each-ref',
      '--format=%(refname) %(objectname)',
      'refs/tags/do_fetch',
      'refs/tags/do_unpack',
      'refs/tags/do_patch',
      'refs/artifacts',
    );
  };
  expect(ids('one')).toBe(ids('another/place'));
});

test('git diff between two builds tells which recipe changed and why', () => {
  const recipe = (text: string): string =>
    plainRecipe({ do_compile: `echo ${text} > out`, do_install: 'install -D out ${D}/usr/out' });
  const w = makeWorkspace({
    files: { 'recipes/app_1.bb': recipe('one'), 'recipes/other_1.bb': recipe('other') },
  });
  w.varve('build', 'app', 'other');
  w.write('recipes/app_1.bb', recipe('two'));
  w.varve('build', 'app', 'other');
  const diff = run('git', '--git-dir', w.path('history/builds.git'), 'diff', '1', '2');
  expect(diff).toMatch(/inputs\/do_compile/);
  expect(diff).toMatch(/^-task "do_compile" = .*one/m);
  expect(diff).not.toContain('other/');
});

test('a build of some tasks leaves the others where they stood', () => {
  const text = (greeting: string): string =>
    plainRecipe({ do_compile: `echo ${greeting} > out`, do_install: 'install -D out ${D}/usr/share/app' });
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': text('hello') } });
  expect(w.varve('build', 'app').status).toBe(0);
  w.write('recipes/app_1.0.bb', text('ahoy'));
  expect(w.varve('build', '-c', 'compile', 'app').status).toBe(0);
  expect(w.varve('cat', 'app@2', 'usr/share/app').stdout).toBe('hello\n');
  expect(w.varve('diff', '@1', '@2').stdout).toContain('app was made another way, with the same artifact');
  expect(w.varve('build', 'app').status).toBe(0);
  const why = w.varve('why', 'app').stdout;
  expect(why).toContain('function do_compile: "echo hello > out" → "echo ahoy > out"');
  expect(why).not.toContain('new task');
});

test('why of a failure tells of the build where it was, and edits are what no task made', () => {
  const recipe = (compile: string): string => plainRecipe({ do_compile: compile, do_install: ':' }, empty);
  const empty = 'ALLOW_EMPTY:${PN} = "1"';
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe('echo one') } });
  expect(w.varve('build', 'app').status).toBe(0);
  w.write('recipes/app_1.bb', recipe('exit 3'));
  expect(w.varve('build', 'app').status).toBe(1);
  w.write('recipes/app_1.bb', recipe('echo two'));
  expect(w.varve('build', 'app').status).toBe(0);
  const failure = w.varve('why', 'app:compile@failed').stdout;
  expect(failure).toContain('function do_compile: "echo one" → "exit 3"');
  expect(failure).toContain('build 2');
  const edited = w.varve('why', 'app:edited');
  expect(edited).toMatchObject({ status: 2, stderr: 'error: app has no edits in its record\n' });
});
