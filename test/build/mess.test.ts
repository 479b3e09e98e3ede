/** Tasks that do to their own WORKDIR what no task should: it ends as a failure or a result, never as a fault of varve. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const withCompile = (compile: string, further = ''): Record<string, string> => ({
  'recipes/app_1.bb': plainRecipe(
    { do_compile: compile, do_install: 'install -d ${D}/share; echo made > ${D}/share/app' },
    `B = "\${WORKDIR}/b"\n${further}`,
  ),
});
const workdir = (w: Workspace): string => {
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  return w.path('tmp/work', arch, 'app');
};
const status = (w: Workspace): string =>
  spawnSync('git', ['-C', workdir(w), 'status', '--porcelain'], { encoding: 'utf8' }).stdout;

test('a task that removes T ends as it would have ended, and its log says that it is gone', () => {
  const w = makeWorkspace({ files: withCompile('rm -rf ${T}\nexit 3') });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said).toContain('app:do_compile  failed');
  expect(ran.said).toContain('| the task removed its log\n');
  w.write('recipes/app_1.bb', withCompile('rm -rf ${T}')['recipes/app_1.bb'] ?? '');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('show', 'app:compile').stdout).toContain('the task removed its log');
});

test.each([
  ['repository', 'mkdir ${WORKDIR}/.git\necho text > ${WORKDIR}/.git/config', '/config'],
  ['link to a repository', 'mkdir ${WORKDIR}/x.git\necho "gitdir: x.git" > ${WORKDIR}/.git', ''],
])(
  'a %s at the top of the WORKDIR fails its task, is kept under another name, and is in nobody\u2019s way',
  (_, body, file) => {
    const w = makeWorkspace({ files: withCompile(body) });
    const ran = w.varve('build', 'app');
    expect(ran.status).toBe(1);
    expect(ran.said).toContain(
      'where the link to the history of this WORKDIR belongs; it is .git-of-do_compile now',
    );
    expect(w.git('app', 'show', `do_compile@failed:.git-of-do_compile${file}`)).toMatch(
      /^(text|gitdir: x\.git)\n$/,
    );
    expect(status(w)).toBe('');
    w.write('recipes/app_1.bb', withCompile('true')['recipes/app_1.bb'] ?? '');
    expect(w.varve('build', 'app').status).toBe(0);
    expect(w.git('app', 'ls-tree', '-r', '--name-only', 'do_compile')).not.toContain('.git-of');
  },
);

test('a directory that varve empties for a task is not followed through a link that the task before left', () => {
  const w = makeWorkspace({
    files: withCompile('true', 'do_compile[cleandirs] = "${WORKDIR}/link/emptied"\n'),
  });
  w.write(
    'recipes/app_1.bbappend',
    `do_configure() {\n\tln -s ${join(w.top, 'elsewhere')} \${WORKDIR}/link\n}\n`,
  );
  spawnSync('sh', ['-c', 'mkdir -p elsewhere/emptied; echo precious > elsewhere/emptied/file'], {
    cwd: w.top,
  });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said).toContain('/app/link/emptied leads out of the WORKDIR through a symbolic link');
  expect(readdirSync(join(w.top, 'elsewhere/emptied'))).toEqual(['file']);
});

test('a side task on an artifact leaves a WORKDIR at rest, also where there was none', () => {
  const check =
    'do_check() {\n\tcat ${D}/share/app > ${WORKDIR}/checked\n}\naddtask check after do_install before do_build\n';
  const w = makeWorkspace({ files: withCompile('true', check) });
  expect(w.varve('build', 'app').status).toBe(0);
  for (const gone of [['tmp'], ['tmp', 'history']]) {
    spawnSync('rm', ['-rf', ...gone.map((name) => w.path(name))]);
    expect(w.varve('build', '-f', '-c', 'check', 'app').status).toBe(0);
    expect(status(w)).toBe('');
  }
  expect(w.varve('build', 'app').said).not.toContain('edits');
});

test('a WORKDIR that somebody moved away and linked to is refused, and what the link leads to stays', () => {
  const w = makeWorkspace({ files: withCompile('true') });
  expect(w.varve('build', 'app').status).toBe(0);
  const [dir, away] = [workdir(w), join(w.top, 'away')];
  spawnSync('sh', ['-c', 'mv "$0" "$1"; ln -s "$1" "$0"', dir, away]);
  const before = readdirSync(away).toSorted();
  const ran = w.varve('build', '-f', '-c', 'compile', 'app');
  expect(ran.status).toBe(2);
  expect(ran.said).toContain(`${dir} is no directory, as the WORKDIR of a recipe must be one`);
  expect(readdirSync(away).toSorted()).toEqual(before);
});

test('a repository that a person put at the top of a WORKDIR is told of, with how to keep it', () => {
  const w = makeWorkspace({ files: withCompile('true') });
  expect(w.varve('build', 'app').status).toBe(0);
  const link = join(workdir(w), '.git');
  spawnSync('sh', ['-c', 'rm "$0"; git init -q "$0"', link]);
  const ran = w.varve('build', '-f', '-c', 'compile', 'app');
  expect(ran.status).toBe(2);
  expect(ran.said).toContain(`hint: mv ${link} ${link}-aside`);
  spawnSync('mv', [link, `${link}-aside`]);
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('built with your edits');
});

/** A file outside of the build directory that belongs to somebody. */
function precious(w: Workspace): string {
  const path = join(w.top, 'outside/precious');
  mkdirSync(dirname(path));
  writeFileSync(path, 'precious\n', { mode: 0o600 });
  return path;
}

function expectUntouched(path: string): void {
  expect(readdirSync(dirname(path))).toEqual(['precious']);
  expect(readFileSync(path, 'utf8')).toBe('precious\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
}

test('links that a task leaves where varve will write its scripts and logs are not followed', () => {
  const w = makeWorkspace();
  const path = precious(w);
  const plant = `pid=$(basename "$(readlink \${T}/run.do_configure)")
pid=\${pid##*.}
for name in compile install; do
	ln -s ${path} \${T}/run.do_$name.$pid
	ln -s ${path} \${T}/log.do_$name.$pid
	mkdir \${T}/run.do_$name \${T}/log.do_$name
done
ln -s ${path} \${T}/warnings`;
  w.write('recipes/app_1.bb', plainRecipe({ do_configure: plant, do_compile: 'echo compiling' }));
  expect(w.varve('build', 'app').status).toBe(0);
  expectUntouched(path);
  expect(w.varve('show', 'app:compile').stdout).toContain('compiling\n');
});

test('a link to a repository at the top of the WORKDIR is kept under another name, and what it leads to is left alone', () => {
  const w = makeWorkspace();
  const path = precious(w);
  w.write(
    'recipes/app_1.bb',
    withCompile(`ln -s ${dirname(path)} \${WORKDIR}/.git`)['recipes/app_1.bb'] ?? '',
  );
  const ran = w.varve('build', 'app');
  expect([ran.status, ran.said]).toEqual([1, expect.stringContaining('it is .git-of-do_compile now')]);
  expect(readlinkSync(join(workdir(w), '.git-of-do_compile'))).toBe(dirname(path));
  expectUntouched(path);
});

test.each([
  ['T', 'rm -rf ${T}; ln -s OUTSIDE ${T}'],
  ['the log', 'log=$(readlink ${T}/log.do_compile); rm ${T}/$log; ln -s OUTSIDE/precious ${T}/$log'],
])('what a task prints after a function made a link of %s goes nowhere else', (_, spoil) => {
  const w = makeWorkspace();
  const path = precious(w);
  const functions = { do_compile: 'echo compiling', spoil: spoil.replace('OUTSIDE', dirname(path)) };
  w.write('recipes/app_1.bb', plainRecipe(functions, 'do_compile[prefuncs] = "spoil"\n'));
  expect(w.varve('build', 'app').status).toBe(0);
  expectUntouched(path);
  expect(w.varve('show', 'app:compile').stdout).toContain('compiling\n');
});

const planting = `mkdir -p clone plain
cd plain && git init -q && git config user.name a && git config user.email a@b
echo one > file && git add file && git commit -q -m one && git tag v1 && cd ..
git clone -q plain clone
mkdir config hook linked file bare
for dir in config hook; do cp -r plain/.git $dir; done
cat >> config/.git/config <<-EOF
[Core]
	fsmonitor = touch \${WORKDIR}/../ran
EOF
printf '#!/bin/sh\\ntouch \${WORKDIR}/../ran\\n' > hook/.git/hooks/post-checkout
chmod +x hook/.git/hooks/post-checkout
ln -s ../config/.git linked/.git
echo 'gitdir: ../config/.git' > file/.git
cp -r config/.git/* bare`;

test('a shell tells of repositories that git would obey, and switches off what git would run; those of a plain clone are fine', () => {
  const recipe = plainRecipe({ do_unpack: planting, do_compile: 'test -e go' });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe } });
  const sources = w.path('tmp/work/x86_64/app/sources');
  const told = `${sources}/bare is a git repository, and git run in it obeys its configuration: [Core] fsmonitor = touch`;
  const failed = w.varve('build', 'app');
  expect(failed.status).toBe(1);
  expect(failed.said).toContain(`warning: app:do_compile: ${told}`);
  const script = `cd plain && git describe --tags
for dir in config hook linked file; do cd ../$dir && git status --short > status && git checkout -q HEAD; done
cd ../bare && git log; test ! -e ../../../ran`;
  const shell = w.varve('shell', 'app:unpack', '--', 'sh', '-c', script);
  expect(shell.stdout).toBe('v1\n');
  expect(shell.stderr).toContain('fatal: cannot use bare repository');
  expect(shell.stderr.match(/^warning: .*/gm)).toEqual([
    expect.stringContaining(told),
    expect.stringMatching(/sources\/config is a .*: \[Core\] fsmonitor = touch .*\/ran$/),
    `warning: ${sources}/hook is a git repository, and git run in it obeys its hook post-checkout`,
    expect.stringMatching(/sources\/linked is a .*: \[Core\] fsmonitor = touch .*\/ran$/),
  ]);
  expect(w.exists('tmp/work/x86_64/ran')).toBe(false);
  // It is what git obeys outside.
  spawnSync('git', ['status'], { cwd: join(sources, 'config') });
  expect(w.exists('tmp/work/x86_64/ran')).toBe(true);
});

test('a task that leaves a repository which git would obey says so once, also where it succeeds', () => {
  const harmless = plainRecipe({
    do_unpack: planting,
    do_compile: 'git -C plain config alias.x !x\nmkdir config/config; touch config/config/x',
  });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': harmless } });
  const sources = w.path('tmp/work/x86_64/app/sources');
  const warnings = (said: string): readonly string[] => said.match(/^warning: .*/gm) ?? [];
  const of = (task: string, place: string, what: string): string =>
    `warning: app:${task}: ${sources}/${place} is a git repository, and git run in it obeys its ${what}`;
  const first = w.varve('build', 'app');
  expect(first.status).toBe(0);
  const configured = 'configuration: [Core] fsmonitor = touch';
  expect(warnings(first.said)).toEqual([
    expect.stringContaining(of('do_unpack', 'bare', configured)),
    expect.stringContaining(of('do_unpack', 'config', configured)),
    of('do_unpack', 'hook', 'hook post-checkout'),
    expect.stringContaining(of('do_unpack', 'linked', configured)),
    of('do_compile', 'plain', 'configuration: [alias] x = !x'),
  ]);
  expect(first.said).toContain(
    `hint: git -C ${w.path('tmp/work/x86_64/app')} status   in the WORKDIR itself`,
  );
  expect(w.varve('build', '-f', '-c', 'configure', 'app').said).not.toContain('is a git repository');
  expect(w.varve('restore', 'app:unpack', 'out').said).toContain('out/sources/hook is a git repository');
});
